package exchange

import (
	"bytes"
	"path"
	"strings"

	"mayfly/models"
)

// MaxFile is the largest file that is read, in bytes.
const MaxFile = 20 << 20

// Read makes a notebook of a file: .ipynb and .json are Jupyter's, .py is a
// script. What is wrong with a file is an invalid models.Error that names the
// place.
func Read(name string, text []byte) (models.NewNotebook, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	title := strings.TrimSuffix(path.Base(models.CleanName(name)), path.Ext(name))
	switch ext := strings.ToLower(path.Ext(name)); {
	case len(text) > MaxFile:
		return models.NewNotebook{}, models.Invalid("The file is over 20 MB. In Jupyter choose Clear Outputs of All Cells, save it, and import it again.")
	case len(bytes.TrimSpace(text)) == 0:
		return models.NewNotebook{}, models.Invalid("The file is empty. Choose another one.")
	case ext == ".ipynb", ext == ".json":
		return readIpynb(title, bytes.ToValidUTF8(text, []byte("\ufffd")))
	case ext == ".py":
		return readPercent(title, string(text))
	}
	return models.NewNotebook{}, models.Invalid("Only .ipynb and .py files become notebooks; this is %s. Upload other files on the Files page.", path.Base(models.CleanName(name)))
}
