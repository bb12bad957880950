"""What the admin's file may say about a folder and its files. Cheap to import: no openpyxl, no file opened.

Arrives: the connection and the source as written. Leaves: checked models; a relative folder is one beside the
admin's file, and a file is always inside the folder.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

SUFFIXES = (".csv", ".xlsx", ".xlsm")


class Connection(BaseModel):
    """`connections.NAME` of kind folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["folder"] = "folder"
    path: Path = Field(description="the folder; relative to the admin's file")

    @field_validator("path")
    @classmethod
    def _beside_the_file(cls, path: Path, info: ValidationInfo) -> Path:
        return Path((info.context or {}).get("folder", ".")) / path


class Source(BaseModel):
    """`collections.NAME.source` at a folder. The first row of the file holds the headers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(description="the file's name, such as krs.csv or plans/book.xlsx")
    sheet: str | None = Field(None, description="workbooks: the sheet; left out where there is only one")
    key: str = Field(description="header of the column whose text identifies a row")
    title: str | None = Field(
        None, description="header of what people know a row by; default: beside the key"
    )
    numbers: tuple[str, ...] = Field((), description="headers of columns that hold plain numbers only")
    delimiter: Literal[",", ";", "\t"] | None = Field(None, description="CSV; default: the one that fits")

    @field_validator("file")
    @classmethod
    def _inside_the_folder(cls, file: str) -> str:
        path = PurePosixPath(file)
        if path.is_absolute() or ".." in path.parts:
            raise ValueError("must be inside the connection's folder")
        if path.suffix.lower() not in SUFFIXES:
            raise ValueError(f"must end in one of {', '.join(SUFFIXES)}")
        return file

    @model_validator(mode="after")
    def _of_one_format(self) -> Self:
        stray = "sheet" if self.is_csv else "delimiter"
        if getattr(self, stray) is not None:
            raise ValueError(f"{self.file} has no {stray}")
        return self

    @property
    def is_csv(self) -> bool:
        """Whether the file is CSV, and not a workbook."""
        return self.file.lower().endswith(".csv")
