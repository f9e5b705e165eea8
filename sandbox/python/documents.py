"""Readers of documents: what the file says, as Python objects."""

import configparser
import json

from . import reading


def tree(path):
    with open(path, encoding=reading.encoding(path)) as held:
        return json.load(held)


def parsed_json(path, **options):
    """A DataFrame when the document is a table, else what it says."""
    import pandas

    if options:
        return pandas.read_json(path, **options)
    document = tree(path)
    if isinstance(document, list):
        return pandas.DataFrame(document) if _records(document) else document
    if not isinstance(document, dict) or not document:
        return document
    columns = list(document.values())
    if all(isinstance(c, dict) and c.keys() == columns[0].keys() for c in columns) and columns[0] and _scalars(columns):
        return pandas.read_json(path)
    if all(isinstance(c, list) and len(c) == len(columns[0]) for c in columns) and columns[0]:
        return pandas.DataFrame(document)
    return document


def _records(rows):
    return bool(rows) and all(isinstance(row, dict) for row in rows)


def _scalars(columns):
    return not any(isinstance(value, (dict, list)) for column in columns for value in column.values())


def json_lines(path, **options):
    import pandas

    if options:
        return pandas.read_json(path, **{"lines": True, **options})
    with open(path, encoding=reading.encoding(path)) as held:
        rows = [json.loads(line) for line in held if not line.isspace()]
    return pandas.DataFrame(rows) if _records(rows) else rows


def yaml(path):
    """One document is itself, several are a list."""
    import yaml

    with open(path, "rb") as held:
        documents = list(yaml.safe_load_all(held))
    return documents if len(documents) > 1 else documents[0] if documents else None


def toml(path):
    import tomllib

    with open(path, "rb") as held:
        return tomllib.load(held)


def ini(path):
    """Many a settings file has no sections; its text is worth more than an error."""
    text = reading.text(path)
    settings = configparser.ConfigParser(interpolation=None, strict=False, allow_no_value=True)
    try:
        settings.read_string(text)
    except configparser.Error:
        return text
    return {name: dict(settings[name]) for name in settings.sections()} or text


def plist(path):
    import plistlib

    with open(path, "rb") as held:
        return plistlib.load(held)


def msgpack(path, **options):
    import msgpack

    with open(path, "rb") as held:
        return msgpack.unpack(held, **options)


def xml(path):
    from xml.etree import ElementTree

    return ElementTree.parse(path).getroot()


def docx(path):
    import docx

    return docx.Document(path)


def odf(path):
    from odf import opendocument

    return opendocument.load(path)


def pdf(path, **options):
    import pypdf

    return pypdf.PdfReader(path, **options)
