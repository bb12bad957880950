"""A folder of CSV files and workbooks: a connection is the folder, a collection is one file or one sheet."""
