import { expect, test } from 'vitest'
import { faultOfPassword, hashPassword, isPassword } from '../../../../src/features/admin/access/password.ts'
import { newCode } from '../../../../src/features/admin/access/recovery-codes.ts'

const password = 'correct horse battery staple'

test.each([
  ['is short', 'fourteen chars', '15 characters'],
  ['is endless', `${password} `.repeat(40), '1000 characters'],
  ['holds the name of the account', 'the engine of Lovelace turns', 'your name'],
  ['holds the name of the program', 'my Staff-Bearings pass phrase', 'name of this program'],
  ['is common', '1qaz2wsx3edc4rfv', 'harder to guess'],
  ['is common, in other letters', 'QWERTYUIOPasdfghjkl', 'harder to guess'],
  ['is a common one twice', 'iloveyouiloveyou', 'harder to guess'],
  ['is a common one with a number', 'password123456789', 'harder to guess'],
  ['is one letter', 'aaaaaaaaaaaaaaaaaaaa', 'harder to guess'],
  ['is the digits in order', '123456789012345', 'harder to guess']
])('a password that %s is refused', async (_what, password, fault) => {
  expect(await faultOfPassword(password, 'lovelace')).toContain(fault)
})

test.each([
  password,
  'owl kept 3 keys',
  'только длинный пароль',
  'ALLINCAPITALSWITHOUTANYSPACES',
  '8214907365123987410',
  `${password} `.repeat(34),
  newCode()
])('there are no rules about characters: %s', async (password) => {
  expect(await faultOfPassword(password, 'lovelace')).toBeNull()
})

test('passwords are kept as Argon2id', async () => {
  const hash = await hashPassword(password)
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/)
  expect(await isPassword(password, hash)).toBe(true)
  expect(await isPassword(`${password}!`, hash)).toBe(false)
  expect(await isPassword('no password has this hash', null)).toBe(false)
})
