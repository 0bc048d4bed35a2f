using System.Security.Cryptography;

namespace PrivateInference.Runtime.Preprocessing;

/// <summary>Encrypts material into a file, piece by piece.</summary>
internal sealed class SealedWriter : MaterialFields, IDisposable
{
    private readonly IStoreFile _file;
    private readonly ItemCipher _cipher;
    private readonly byte[] _plaintext = new byte[ItemHeader.PieceBytes];
    private readonly byte[] _sealed = new byte[ItemHeader.PieceBytes + ItemHeader.TagBytes];
    private long _remaining;
    private long _offset = ItemHeader.Size;
    private long _pieces;
    private int _filled;

    public SealedWriter(IStoreFile file, StoreKey key, ItemHeader header)
    {
        _file = file;
        _remaining = header.Length;
        _cipher = new ItemCipher(key, header);
        file.Write(0, header.Bytes);
    }

    /// <exception cref="InvalidOperationException">There is more material than its size says.</exception>
    public override void Keep(Span<byte> field)
    {
        if (field.Length > _remaining)
            throw new InvalidOperationException("There is more material than its size says.");
        _remaining -= field.Length;
        while (!field.IsEmpty)
        {
            int count = Math.Min(field.Length, _plaintext.Length - _filled);
            field[..count].CopyTo(_plaintext.AsSpan(_filled));
            field = field[count..];
            _filled += count;
            if (_filled == _plaintext.Length)
                WritePiece();
        }
    }

    /// <summary>Writes what is left, and waits until all is on the disk.</summary>
    /// <exception cref="InvalidOperationException">There was less material than its size says.</exception>
    public void Complete()
    {
        if (_remaining != 0)
            throw new InvalidOperationException("There is less material than its size says.");
        if (_filled > 0)
            WritePiece();
        _file.Sync();
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_plaintext);
        _cipher.Dispose();
    }

    private void WritePiece()
    {
        Span<byte> piece = _sealed.AsSpan(0, _filled + ItemHeader.TagBytes);
        _cipher.Encrypt(_pieces++, _plaintext.AsSpan(0, _filled), piece[.._filled], piece[_filled..]);
        _file.Write(_offset, piece);
        _offset += piece.Length;
        _filled = 0;
    }
}
