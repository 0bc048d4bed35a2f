using System.Security.Cryptography;

namespace PrivateInference.Runtime.Preprocessing;

/// <summary>Decrypts material from a file, piece by piece. No byte of a piece is handed out before all of it is authenticated.</summary>
internal sealed class SealedReader(IStoreFile file, StoreKey key, ItemHeader header) : MaterialFields, IDisposable
{
    private readonly ItemCipher _cipher = new(key, header);
    private readonly byte[] _plaintext = new byte[ItemHeader.PieceBytes];
    private readonly byte[] _sealed = new byte[ItemHeader.PieceBytes + ItemHeader.TagBytes];
    private long _remaining = header.Length;
    private long _offset = ItemHeader.Size;
    private long _pieces;
    private int _filled;
    private int _read;

    /// <exception cref="EndOfStreamException">There is less in the file, or it was announced to hold less.</exception>
    /// <exception cref="AuthenticationTagMismatchException">The file was changed, or the key is another.</exception>
    public override void Keep(Span<byte> field)
    {
        while (!field.IsEmpty)
        {
            if (_read == _filled)
                ReadPiece();
            int count = Math.Min(field.Length, _filled - _read);
            _plaintext.AsSpan(_read, count).CopyTo(field);
            field = field[count..];
            _read += count;
        }
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_plaintext);
        _cipher.Dispose();
    }

    private void ReadPiece()
    {
        if (_remaining == 0)
            throw new EndOfStreamException();
        _filled = (int)Math.Min(_remaining, _plaintext.Length);
        _read = 0;
        Span<byte> piece = _sealed.AsSpan(0, _filled + ItemHeader.TagBytes);
        file.Read(_offset, piece);
        _cipher.Decrypt(_pieces++, piece[.._filled], piece[_filled..], _plaintext.AsSpan(0, _filled));
        _offset += piece.Length;
        _remaining -= _filled;
    }
}
