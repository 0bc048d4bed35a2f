using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Protocols.Dealer;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// The client's material for one inference of a <see cref="PolynomialProtocol"/>, and how it is used online, once. Its words have 64
/// bits, or 128 where the ring of the powers has more than 64.
/// </summary>
internal abstract class PolynomialClient : IDisposable
{
    /// <param name="protocol">The step's protocol.</param>
    /// <param name="inputShare">c.</param>
    /// <param name="outputShare">r.</param>
    public static PolynomialClient Create(PolynomialProtocol protocol, ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> outputShare) => protocol.IsWide
        ? new WordPolynomialClient<UInt128>(protocol, inputShare, outputShare)
        : new WordPolynomialClient<ulong>(protocol, inputShare, outputShare);

    /// <summary>Offline: fills a batch; see <see cref="PolynomialTransferClient{TWord}"/>.</summary>
    public abstract void Transfer(
        PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, Span<Block> keys, Span<Block> offered, Block delta, Action beforeAnswer);

    /// <summary>Offline, with a dealer: fills all.</summary>
    public abstract void Deal(DealtPolynomialProtocol dealt, DealerStreams client, ulong serial);

    /// <summary>Online: evaluates, answers and clears the material.</summary>
    public abstract void Run(MessageChannel channel);

    public abstract void Keep(MaterialFields fields);

    public abstract void Dispose();
}
