using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>The server of a polynomial step and its material, for one inference. Disposal clears it.</summary>
internal interface IPolynomialServer : IDisposable
{
    /// <summary>Offline: fills a batch of the material; see <see cref="IPolynomialClient.Prepare"/>.</summary>
    void Prepare(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer);

    /// <summary>Online: from its share of x to its share y − r of the output; clears the material.</summary>
    void Run(MessageChannel channel, ReadOnlySpan<ulong> inputShare, Span<ulong> outputShare);

    void Keep(MaterialFields fields);
}
