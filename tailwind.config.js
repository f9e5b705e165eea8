// What daisyUI's themes cannot name: our own colour words. The values live in
// static/css/tokens.css, once for each theme; a class such as text-muted is
// generated only because its name stands here.
export default {
  content: ['./views/**/*.templ', './views/**/*.go', './static/js/**/*.js'],
  theme: {
    extend: {
      colors: {
        muted: 'var(--color-muted)',
        'accent-ink': 'var(--color-accent-ink)',
        field: 'var(--color-field)',
        edge: 'var(--color-edge)',
        'primary-soft': 'var(--color-primary-soft)',
        'accent-soft': 'var(--color-accent-soft)',
        'error-soft': 'var(--color-error-soft)',
        'success-soft': 'var(--color-success-soft)',
      },
    },
  },
}
