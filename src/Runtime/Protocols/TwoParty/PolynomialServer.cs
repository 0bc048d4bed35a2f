using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Protocols.Dealer;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// The server's material for one inference of a <see cref="PolynomialProtocol"/>, and how it is used online, once. Its words have 64
/// bits, or 128 where the ring of the powers has more than 64.
/// </summary>
internal abstract class PolynomialServer : IDisposable
{
    /// <param name="protocol">The step's protocol.</param>
    public static PolynomialServer Create(PolynomialProtocol protocol)
        => protocol.IsWide ? new WordPolynomialServer<UInt128>(protocol) : new WordPolynomialServer<ulong>(protocol);

    /// <summary>Offline: fills a batch; see <see cref="PolynomialTransferServer{TWord}"/>.</summary>
    public abstract void Transfer(
        PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, Span<Block> keys, Block delta, ReadOnlySpan<Block> chosen, Action beforeAnswer);

    /// <summary>Offline, with a dealer: fills all.</summary>
    public abstract void Deal(DealtPolynomialProtocol dealt, MessageChannel dealer, DealerStreams server, ulong serial);

    /// <summary>Online: from its share of x to its share y − r of the output; clears the material.</summary>
    public abstract void Run(MessageChannel channel, ReadOnlySpan<ulong> inputShare, Span<ulong> outputShare);

    public abstract void Keep(MaterialFields fields);

    public abstract void Dispose();
}
