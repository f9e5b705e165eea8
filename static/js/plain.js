// plain is a text as a text field holds it, with one kind of line end.
export const plain = (text) => text.replace(/\r\n?/g, '\n')
