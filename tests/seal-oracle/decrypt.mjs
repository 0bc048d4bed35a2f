// Decrypts a ciphertext with Microsoft SEAL up to decoding, c0 + c1·s modulo q: node decrypt.mjs INPUT OUTPUT
//
// INPUT, 64-bit little-endian words: N, L, L + 1 primes (the last is SEAL's key-switching prime, which encrypts nothing), the
// transformed secret key modulo each of them, and transformed c0 and c1 modulo the first L. OUTPUT: L·N words, transformed.
// The scheme is CKKS because SEAL's BFV asks exceptions that WebAssembly does not catch whether t = 2^l allows batching; their
// ciphertexts and decryption are the same up to decoding.
//
// SEAL's serialisation keeps these numbers at the end of uncompressed objects, so objects that SEAL made itself serve as
// templates: the parameters' primes and the data are replaced in their bytes.
import { readFileSync, writeFileSync } from 'node:fs'
import SEAL from 'node-seal'

const [input, output] = process.argv.slice(2)
const bytes = readFileSync(input)
const words = new BigUint64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
const [degree, count] = [Number(words[0]), Number(words[1])]
const primes = words.subarray(2, 3 + count)
const secret = words.subarray(3 + count, 3 + count + (count + 1) * degree)
const ciphertext = words.subarray(3 + count + (count + 1) * degree)

const seal = await SEAL()
const uncompressed = seal.ComprModeType.none

function replaceTail(array, data) {
  const copy = Buffer.from(array)
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).copy(copy, copy.length - data.byteLength)
  return Uint8Array.from(copy)
}

function parametersWithPrimes() {
  const parameters = seal.EncryptionParameters(seal.SchemeType.ckks)
  parameters.setPolyModulusDegree(degree)
  const template = seal.CoeffModulus.Create(degree, Int32Array.from(primes, () => 36))
  parameters.setCoeffModulus(template)
  const saved = Buffer.from(parameters.saveArray(uncompressed))
  const placeholders = Array.from(template.toArray())
  const places = placeholders.map((prime) => {
    const pattern = Buffer.alloc(8)
    pattern.writeBigUInt64LE(prime)
    return saved.indexOf(pattern)
  })
  places.forEach((place, i) => saved.writeBigUInt64LE(primes[i], place))
  parameters.loadArray(Uint8Array.from(saved))
  return parameters
}

const context = seal.Context(parametersWithPrimes(), true, seal.SecurityLevel.none)
if (!context.parametersSet()) throw new Error('SEAL refuses the parameters')
const key = seal.SecretKey()
key.loadArray(context, replaceTail(seal.KeyGenerator(context).secretKey().saveArray(uncompressed), secret))
const one = seal.CKKSEncoder(context).encode(Float64Array.of(1), 2 ** 20)
const template = seal.Encryptor(context, seal.KeyGenerator(context).createPublicKey()).encrypt(one)
const cipher = seal.CipherText()
cipher.loadArray(context, replaceTail(template.saveArray(uncompressed), ciphertext))
const saved = Buffer.from(seal.Decryptor(context, key).decrypt(cipher).saveArray(uncompressed))
writeFileSync(output, saved.subarray(saved.length - 8 * count * degree))
