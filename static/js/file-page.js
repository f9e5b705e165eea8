// A file's own page becomes its tombstone when its clock runs out.
document.addEventListener('clock:expired', (event) => {
  if (event.target.closest('.file-clock')) setTimeout(() => location.reload(), 1000)
})
