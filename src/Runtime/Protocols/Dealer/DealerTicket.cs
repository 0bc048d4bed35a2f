using System.Security.Cryptography;

namespace PrivateInference.Runtime.Protocols.Dealer;

/// <summary>
/// The name of a session at the dealer: 256 random bits that the client draws and tells the dealer and the server. Whoever
/// shows it is taken for one of the two.
/// </summary>
/// <param name="Bytes">All zero where a session has no dealer.</param>
internal readonly record struct DealerTicket(ReadOnlyMemory<byte> Bytes)
{
    public const int Size = 32;

    /// <summary>The session has no dealer.</summary>
    public static DealerTicket None { get; } = new(new byte[Size]);

    public bool IsNone => Bytes.Span.IndexOfAnyExcept((byte)0) < 0;

    /// <summary>For looking it up.</summary>
    public string Key => Convert.ToHexStringLower(Bytes.Span);

    public static DealerTicket Create() => new(RandomNumberGenerator.GetBytes(Size));

    public static DealerTicket Read(ReadOnlySpan<byte> source) => new(source[..Size].ToArray());
}
