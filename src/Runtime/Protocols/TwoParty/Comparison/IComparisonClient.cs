using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>The client of an <see cref="IComparisonProtocol"/> and its material, for one inference: the calls below, in their order and each once.</summary>
internal interface IComparisonClient : IDisposable
{
    /// <summary>Offline: the transfers in which the server chooses.</summary>
    void SendTransfers(MessageChannel channel, SilentTransfers transfers, GarblingSession session);

    /// <summary>Offline: the transfers in which it chooses itself.</summary>
    void ReceiveTransfers(MessageChannel channel, SilentTransfers transfers, GarblingSession session);

    /// <summary>Offline: makes the transfers those of its shares, of which it draws those between stages.</summary>
    /// <param name="channel">To the server.</param>
    /// <param name="inputShares">Its shares of the step's inputs, in their order.</param>
    /// <param name="outputShare">Its share of the output.</param>
    /// <param name="random">The session's.</param>
    void SendCorrections(MessageChannel channel, IReadOnlyList<ulong[]> inputShares, ReadOnlySpan<ulong> outputShare, AesCtrGenerator random);

    /// <summary>Online: so that its share of the output is the one it gave; clears the material.</summary>
    void Run(MessageChannel channel);

    /// <summary>What <see cref="Run"/> needs.</summary>
    void Keep(MaterialFields fields);
}
