using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace PrivateInference.Runtime.Preprocessing;

/// <summary>The identity of one inference's stored material, the same at both parties: 128 bits that neither could choose alone.</summary>
internal readonly record struct ItemId(UInt128 Value)
{
    public const int Size = 16;

    /// <summary>The identity that follows from a random part of each party.</summary>
    public static ItemId Agree(ReadOnlySpan<byte> ofClient, ReadOnlySpan<byte> ofServer)
    {
        Span<byte> parts = stackalloc byte[2 * Size], hash = stackalloc byte[SHA256.HashSizeInBytes];
        ofClient.CopyTo(parts);
        ofServer.CopyTo(parts[Size..]);
        SHA256.HashData(parts, hash);
        return Read(hash);
    }

    public static ItemId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <returns>Null where the text is no identity.</returns>
    public static ItemId? Parse(ReadOnlySpan<char> text) => text.Length == 2 * Size && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 value)
        ? new ItemId(value)
        : null;

    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
