using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>A party's fresh transfers for a batch of a polynomial step.</summary>
/// <param name="clientChooses">Those in which the client chooses.</param>
/// <param name="serverChooses">Those in which the server chooses.</param>
/// <param name="delta">Δ of those that this party offers.</param>
internal readonly ref struct BatchTransfers(Span<Block> clientChooses, Span<Block> serverChooses, Block delta)
{
    public Span<Block> ClientChooses { get; } = clientChooses;

    public Span<Block> ServerChooses { get; } = serverChooses;

    public Block Delta { get; } = delta;

    /// <summary>These without the first of those in which the client chooses.</summary>
    public BatchTransfers Skip(int count) => new(ClientChooses[count..], ServerChooses, Delta);
}
