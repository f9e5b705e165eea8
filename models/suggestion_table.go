package models

// load is how most cells begin.
const load = "NAME = load_file(FILE)\n"

const plt = "import matplotlib.pyplot as plt\n\n"

// tableCells are for whatever load_file gives as a DataFrame.
var tableCells = []Suggestion{
	{"Load", load + "NAME"},
	{"Describe", load + "print(f\"{NAME.shape[0]:,} rows × {NAME.shape[1]} columns\")\nNAME.describe(include=\"all\").T"},
	{"Plot", plt + load + "numbers = NAME.select_dtypes(\"number\")\nif numbers.empty:\n    print(\"No column holds numbers.\")\nelse:\n    numbers.hist(bins=30, figsize=(9, 6))\n    plt.tight_layout()"},
}

// objectCells are for trees and objects of any kind.
var objectCells = []Suggestion{
	{"Load", load + "NAME"},
	{"Look inside", load + "print(type(NAME).__name__)\nif isinstance(NAME, dict):\n    for key, value in NAME.items():\n        print(f\"{key}: {type(value).__name__}\")\nelif hasattr(NAME, \"__len__\"):\n    print(len(NAME), \"items\")"},
}

var textCells = []Suggestion{
	{"Show the beginning", load + "print(NAME[:2000])"},
	{"Count words", "from collections import Counter\n\n" + load + "print(f\"{len(NAME.splitlines()):,} lines, {len(NAME.split()):,} words\")\nCounter(NAME.lower().split()).most_common(10)"},
}

var graphCells = []Suggestion{
	{"Load", load + "print(NAME)"},
	{"Draw", "import networkx as nx\n\n" + load + "nx.draw(NAME, with_labels=True, node_color=\"lightblue\")"},
}

var bytesCells = []Suggestion{{"Load", load + "print(f\"{len(NAME):,} bytes\")\nNAME[:64]"}}

// readyCells are the suggestions by loader, and by category for what load_file
// gives as bytes. NAME stands for a variable, FILE for the file's name and STEM
// for a folder's, both as Python writes text. A test in the jail runs each.
var readyCells = map[string][]Suggestion{
	"csv": tableCells, "tsv": tableCells, "psv": tableCells, "parquet": tableCells, "feather": tableCells, "orc": tableCells,
	"avro": tableCells, "stata": tableCells, "sas": tableCells,
	"excel": {
		{"Load", load + "NAME if not isinstance(NAME, dict) else list(NAME)"},
		{"Show every sheet", load + "sheets = NAME if isinstance(NAME, dict) else {\"Sheet\": NAME}\nfor name, sheet in sheets.items():\n    print(f\"{name}: {sheet.shape[0]:,} rows × {sheet.shape[1]} columns\")\n    display(sheet.head())"},
		{"Describe", load + "sheet = next(iter(NAME.values())) if isinstance(NAME, dict) else NAME\nsheet.describe(include=\"all\").T"},
	},
	"json": append(objectCells[:len(objectCells):len(objectCells)],
		Suggestion{"Make a table", "import pandas as pd\n\n" + load + "NAME if isinstance(NAME, pd.DataFrame) else pd.json_normalize(NAME)"}),
	"jsonl": {
		{"Load", load + "NAME"},
		{"Make a table", "import pandas as pd\n\n" + load + "table = pd.DataFrame(NAME)\ntable.describe(include=\"all\").T"},
	},
	"document": objectCells, "yaml": objectCells, "toml": objectCells, "ini": objectCells, "plist": objectCells, "msgpack": objectCells,
	"pickle": objectCells, "joblib": objectCells, "npz": objectCells, "matlab": objectCells,
	"xml":     {{"Load", load + "print(NAME.tag, NAME.attrib)\nfor part in list(NAME)[:20]:\n    print(\" \", part.tag, part.attrib, (part.text or \"\").strip()[:60])"}},
	"graphml": graphCells, "gexf": graphCells, "gml": graphCells,
	"npy": {
		{"Load", load + "print(NAME.shape, NAME.dtype)\nNAME"},
		{"Plot", plt + load + "if NAME.ndim == 2:\n    plt.imshow(NAME)\n    plt.colorbar()\nelse:\n    plt.plot(NAME.ravel())"},
	},
	"matrix": {{"Load", load + "print(NAME.shape, NAME.dtype)\nNAME"}},
	"hdf":    {{"Load", load + "NAME if hasattr(NAME, \"shape\") else list(NAME.keys())"}},
	"netcdf": {{"List what it holds", load + "{name: v.shape for name, v in getattr(NAME, \"variables\", NAME).items()}"}},
	"sqlite": {
		{"List its tables", "import pandas as pd\n\n" + load + "pd.read_sql(\"SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name\", NAME)"},
		{"Show every table", "import pandas as pd\n\n" + load + "tables = [row[0] for row in NAME.execute(\"SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name\")]\nfor table in tables:\n    print(table)\n    quoted = table.replace('\"', '\"\"')\n    display(pd.read_sql(f'SELECT * FROM \"{quoted}\" LIMIT 10', NAME))"},
	},
	"duckdb": {
		{"List its tables", load + "NAME.sql(\"SELECT table_name, estimated_size FROM duckdb_tables()\").df()"},
		{"Show every table", load + "tables = [row[0] for row in NAME.execute(\"SELECT table_name FROM duckdb_tables()\").fetchall()]\nfor table in tables:\n    print(table)\n    display(NAME.table(table).limit(10).df())"},
	},
	"picture": {
		{"Show", load + "print(NAME.size, NAME.mode)\nNAME"},
		{"Colours", plt + "import numpy as np\n\n" + load + "for band, colour in zip(np.moveaxis(np.asarray(NAME.convert(\"RGB\")), -1, 0), (\"red\", \"green\", \"blue\")):\n    plt.hist(band.ravel(), bins=64, histtype=\"step\", color=colour)\nplt.xlabel(\"brightness\")"},
	},
	"wav": {
		{"Listen", "from IPython.display import Audio\n\nrate, NAME = load_file(FILE)\nAudio(NAME.T, rate=rate)"},
		{"Plot", plt + "rate, NAME = load_file(FILE)\nplt.plot([i / rate for i in range(len(NAME))], NAME, linewidth=0.5)\nplt.xlabel(\"seconds\")"},
	},
	"docx": {{"Show its text", load + "for paragraph in NAME.paragraphs[:50]:\n    print(paragraph.text)"}},
	"odf":  {{"Show its text", "from odf import teletype\n\n" + load + "print(teletype.extractText(NAME.body)[:2000])"}},
	"pdf":  {{"Show its text", load + "print(len(NAME.pages), \"pages\")\nprint(NAME.pages[0].extract_text()[:2000])"}},
	"zip": {
		{"List what is in it", "import pandas as pd\n\n" + load + "pd.DataFrame([(entry.filename, entry.file_size) for entry in NAME.infolist()], columns=[\"name\", \"bytes\"])"},
		{"Unpack", load + "NAME.extractall(STEM)\nprint(len(NAME.namelist()), \"entries unpacked into\", STEM)"},
	},
	"tar": {
		{"List what is in it", "import pandas as pd\n\n" + load + "pd.DataFrame([(entry.name, entry.size) for entry in NAME.getmembers()], columns=[\"name\", \"bytes\"])"},
		{"Unpack", load + "NAME.extractall(STEM)\nprint(len(NAME.getnames()), \"entries unpacked into\", STEM)"},
	},
	unpacking: bytesCells, "bytes": bytesCells, "text": textCells,
	"audio": {{"Listen", "from IPython.display import Audio\n\nAudio(load_file(FILE))"}},
	"video": {{"Watch", "from IPython.display import Video\n\nVideo(load_file(FILE), embed=True, mimetype=\"video/mp4\")"}},
}
