using System.Buffers.Binary;
using System.Security.Cryptography;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;

namespace PrivateInference.Runtime.Preprocessing;

/// <summary>
/// How a file of stored material begins: what it is and belongs to, and the salt of its key. It is not encrypted, but every piece of the
/// file is authenticated together with it. Then come pieces of <see cref="PieceBytes"/> bytes, the last one shorter, each with its tag.
/// </summary>
internal readonly struct ItemHeader
{
    /// <summary>magic (8), format (2), protocol (2), role (1), zero (3), identity (16), client (16), server (16), plan (32), bytes of material (8), salt (32).</summary>
    public const int Size = SaltOffset + SaltSize;

    /// <summary>Bytes that are encrypted together.</summary>
    public const int PieceBytes = 1 << 20;

    public const int TagBytes = 16;

    private const ushort FormatVersion = 1;
    private const int IdOffset = 16;
    private const int ClientOffset = 32;
    private const int ServerOffset = 48;
    private const int PlanOffset = 64;
    private const int LengthOffset = 96;
    private const int SaltOffset = 104;
    private const int SaltSize = 32;

    private readonly byte[] _bytes;

    private ItemHeader(byte[] bytes) => _bytes = bytes;

    private static ReadOnlySpan<byte> Magic => "OM2PITEM"u8;

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Bytes of the material.</summary>
    public long Length => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(LengthOffset));

    public ReadOnlySpan<byte> Salt => _bytes.AsSpan(SaltOffset);

    /// <summary>Bytes of the file of so much material.</summary>
    public static long FileBytes(long material) => Size + material + (Pieces(material) * TagBytes);

    /// <summary>The header of new material, with a fresh salt.</summary>
    public static ItemHeader Create(ItemBinding binding, ItemId id, long length)
    {
        byte[] bytes = new byte[Size];
        Describe(binding, id, length, bytes);
        RandomNumberGenerator.Fill(bytes.AsSpan(SaltOffset));
        return new ItemHeader(bytes);
    }

    /// <summary>Takes a header that was read, if it is the one that is looked for.</summary>
    /// <returns>Null, and why not.</returns>
    public static ItemHeader? Accept(byte[] read, ItemBinding binding, ItemId id, long length, out string objection)
    {
        Span<byte> expected = stackalloc byte[SaltOffset];
        Describe(binding, id, length, expected);
        ReadOnlySpan<byte> actual = read.AsSpan(0, SaltOffset);
        objection = !actual[..Magic.Length].SequenceEqual(Magic) ? "it does not begin as stored material does"
            : !actual[Magic.Length..IdOffset].SequenceEqual(expected[Magic.Length..IdOffset]) ? "it was made by another release, or for the other party"
            : !actual[IdOffset..].SequenceEqual(expected[IdOffset..]) ? "it holds other material than its name says"
            : "";
        return objection.Length == 0 ? new ItemHeader(read) : null;
    }

    private static long Pieces(long material) => (material + PieceBytes - 1) / PieceBytes;

    private static void Describe(ItemBinding binding, ItemId id, long length, Span<byte> bytes)
    {
        bytes[..SaltOffset].Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], FormatVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[10..], Handshake.ProtocolVersion);
        bytes[12] = (byte)(binding.Role == Party.Client ? 1 : 2);
        id.Write(bytes[IdOffset..]);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[ClientOffset..], binding.Client);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[ServerOffset..], binding.Server);
        binding.PlanHash.AsSpan().CopyTo(bytes[PlanOffset..]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[LengthOffset..], length);
    }
}
