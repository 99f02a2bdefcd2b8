// Every page works without this file. It makes a set of statements quicker to answer.
for (const block of document.querySelectorAll('fieldset.block')) {
  const live = block.querySelector('[data-live]')
  const most = [...block.querySelectorAll('.most input')]
  const least = [...block.querySelectorAll('.least input')]

  // One statement cannot be both: the later choice wins, and screen readers are told.
  block.addEventListener('change', ({ target }) => {
    const others = target.name === 'most' ? least : most
    const clash = others.find((other) => other.value === target.value)
    if (!clash?.checked) return
    clash.checked = false
    const cleared = target.name === 'most' ? 'Least' : 'Most'
    live.textContent = `${cleared} cleared: one statement cannot be both.`
  })

  // 1 to 4 mark Most, with Shift Least, while the focus is in the set (so that no shortcut is in the way elsewhere).
  block.addEventListener('keydown', (event) => {
    const digit = /^Digit([1-4])$/.exec(event.code)?.[1]
    if (!digit || event.ctrlKey || event.metaKey || event.altKey) return
    const input = (event.shiftKey ? least : most)[digit - 1]
    event.preventDefault()
    input.checked = true
    input.focus()
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })
}

for (const button of document.querySelectorAll('button[data-copy]')) {
  const field = document.getElementById(button.dataset.copy)
  button.hidden = false
  button.addEventListener('click', async () => {
    field.select()
    await navigator.clipboard.writeText(field.value)
    button.nextElementSibling.textContent = 'Link copied'
  })
}
