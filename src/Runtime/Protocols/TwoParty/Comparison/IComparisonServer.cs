using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>The server of an <see cref="IComparisonProtocol"/> and its material, for one inference: the calls below, in their order and each once.</summary>
internal interface IComparisonServer : IDisposable
{
    /// <summary>Offline: the transfers in which it chooses.</summary>
    void ReceiveTransfers(MessageChannel channel, SilentTransfers transfers, GarblingSession session);

    /// <summary>Offline: the transfers in which the client chooses, and what makes both fit.</summary>
    void SendTransfers(MessageChannel channel, SilentTransfers transfers, GarblingSession session, AesCtrGenerator random);

    /// <summary>Offline: what makes the transfers those of the client's shares.</summary>
    void ReceiveCorrections(MessageChannel channel);

    /// <summary>Online: from its shares of the step's inputs, in their order, to its share y − r of the output; clears the material.</summary>
    void Run(MessageChannel channel, IReadOnlyList<ulong[]> inputShares, Span<ulong> outputShare);

    /// <summary>What <see cref="Run"/> needs.</summary>
    void Keep(MaterialFields fields);
}
