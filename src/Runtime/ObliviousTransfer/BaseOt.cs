using System.Buffers.Binary;
using System.Security.Cryptography;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// Random oblivious transfer from Diffie–Hellman on P-256, secure against semi-honest parties in the random-oracle model:
/// Naor and Pinkas, "Efficient oblivious transfer protocols" (SODA 2001), section 3.1, after Bellare and Micali. The
/// sender publishes C and G·r; the receiver, per transfer, one of two points whose sum is C, knowing the discrete
/// logarithm of the one that belongs to its choice; the keys are hashes of r times each. Two flights for any number of
/// transfers.
/// </summary>
public static class BaseOt
{
    /// <summary>Bytes of the sender's flight, which comes first.</summary>
    public const long SenderBytes = 2 * P256Point.Size;

    /// <summary>Bytes of the receiver's flight, the second and last.</summary>
    public static long ReceiverBytes(int count) => (long)count * P256Point.Size;

    /// <summary>The sender's work before its flight: two points.</summary>
    internal static WorkCost SetupWork { get; } = WorkCost.Of(Primitive.CurveMultiplication, 2);

    /// <summary>Either party's work of so many transfers: two multiplications each.</summary>
    internal static WorkCost TransferWork(int count) => WorkCost.Of(Primitive.CurveMultiplication, 2L * count);

    /// <summary>The key of transfer <paramref name="index"/>: SHA-256 of a domain name, the index and the shared x, cut to 128 bits.</summary>
    internal static Block DeriveKey(int index, ReadOnlySpan<byte> sharedX)
    {
        ReadOnlySpan<byte> domain = "PrivateInference/base-ot/1"u8;
        Span<byte> message = stackalloc byte[domain.Length + sizeof(int) + sharedX.Length];
        domain.CopyTo(message);
        BinaryPrimitives.WriteInt32LittleEndian(message[domain.Length..], index);
        sharedX.CopyTo(message[(domain.Length + sizeof(int))..]);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(message, hash);
        return Block.Read(hash);
    }
}
