"""The commands: one file each, thin. They parse options, call the engine and hand the result to reports."""
