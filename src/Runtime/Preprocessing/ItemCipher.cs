using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PrivateInference.Runtime.Preprocessing;

/// <summary>
/// AES-256-GCM of the pieces of one item, under a key of its own: HKDF-SHA256 of the store's key and the header's random salt of 256
/// bits. A piece's number is its nonce, so none repeats under a key; header and number are authenticated with it.
/// </summary>
internal sealed class ItemCipher : IDisposable
{
    private readonly AesGcm _cipher;
    private readonly byte[] _associated = new byte[ItemHeader.Size + sizeof(long)];

    public ItemCipher(StoreKey key, ItemHeader header)
    {
        byte[] itemKey = key.Derive("onnx2mpc stored material"u8, header.Salt);
        _cipher = new AesGcm(itemKey, ItemHeader.TagBytes);
        CryptographicOperations.ZeroMemory(itemKey);
        header.Bytes.CopyTo(_associated);
    }

    public void Encrypt(long piece, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag)
        => _cipher.Encrypt(Nonce(piece, stackalloc byte[AesGcm.NonceByteSizes.MaxSize]), plaintext, ciphertext, tag, Associate(piece));

    /// <exception cref="AuthenticationTagMismatchException">Other bytes than were encrypted.</exception>
    public void Decrypt(long piece, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext)
        => _cipher.Decrypt(Nonce(piece, stackalloc byte[AesGcm.NonceByteSizes.MaxSize]), ciphertext, tag, plaintext, Associate(piece));

    public void Dispose() => _cipher.Dispose();

    private static Span<byte> Nonce(long piece, Span<byte> nonce)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(nonce, piece);
        return nonce;
    }

    private byte[] Associate(long piece)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_associated.AsSpan(ItemHeader.Size), piece);
        return _associated;
    }
}
