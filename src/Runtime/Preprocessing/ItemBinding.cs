using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using PrivateInference.Runtime.Costs;

namespace PrivateInference.Runtime.Preprocessing;

/// <summary>
/// What stored material belongs to: this party's role, the plan (whose hash covers the digest of the weights), and the two parties.
/// A server is the identity of its store. A client is the hash of a secret that it derives for each plan from its store's key and shows, under TLS,
/// to the server: who does not know it can neither use the material nor have it thrown away.
/// </summary>
internal sealed record ItemBinding
{
    public const int TokenSize = 32;

    public required Party Role { get; init; }

    public required ImmutableArray<byte> PlanHash { get; init; }

    public required UInt128 Client { get; init; }

    public required UInt128 Server { get; init; }

    /// <summary>The folder in which a store has such material: role, plan, and the other party.</summary>
    public string Folder
    {
        get
        {
            UInt128 peer = Role == Party.Client ? Server : Client;
            string role = Role == Party.Client ? "client" : "server";
            return $"{role}-{Convert.ToHexStringLower(PlanHash.AsSpan()[..ItemId.Size])}-{peer.ToString("x32", CultureInfo.InvariantCulture)}";
        }
    }

    /// <summary>Who a client is, by its secret.</summary>
    public static UInt128 ClientOf(ReadOnlySpan<byte> token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(token, hash);
        return ItemId.Read(hash).Value;
    }
}
