using System.Collections.Immutable;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// The client of <see cref="ComparisonProtocol"/> and its material, for one inference: the calls below, in their order and
/// each once.
/// </summary>
internal sealed class ComparisonClient(ComparisonProtocol protocol) : IDisposable
{
    private readonly ImmutableArray<OtNonLinearClient> _stages = [.. protocol.Stages.Select(s => new OtNonLinearClient(s))];

    /// <inheritdoc cref="OtNonLinearClient.SendTransfers"/>
    public void SendTransfers(MessageChannel channel, SilentTransfers transfers, GarblingSession session)
    {
        foreach (OtNonLinearClient stage in _stages)
            stage.SendTransfers(channel, transfers.Offers, session);
    }

    /// <inheritdoc cref="OtNonLinearClient.ReceiveTransfers"/>
    public void ReceiveTransfers(MessageChannel channel, SilentTransfers transfers, GarblingSession session)
    {
        foreach (OtNonLinearClient stage in _stages)
            stage.ReceiveTransfers(channel, transfers.Choices, session);
    }

    /// <summary>Offline: makes the transfers those of its shares, of which it draws those between stages.</summary>
    public void SendCorrections(MessageChannel channel, ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> outputShare, AesCtrGenerator random)
    {
        ulong[] elements = WindowMaxima.Load(protocol.Pool, inputShare);
        for (int level = 0; level < protocol.Levels; level++)
        {
            ulong[] differences = WindowMaxima.Differences(protocol.Ring, elements, protocol.Count), relus = new ulong[differences.Length];
            if (level + 1 < _stages.Length)
                random.FillRing(relus, protocol.Ring.Bits);
            else
                protocol.Ring.Subtract(outputShare, elements.AsSpan(protocol.Count), relus);
            _stages[level].SendCorrections(channel, differences, relus);
            elements = WindowMaxima.Maxima(protocol.Ring, elements, relus, protocol.Count);
        }

        if (protocol.Levels < _stages.Length)
            _stages[^1].SendCorrections(channel, elements, outputShare);
    }

    /// <summary>Online: so that its share of the output is the one it gave; clears the material.</summary>
    public void Run(MessageChannel channel)
    {
        foreach (OtNonLinearClient stage in _stages)
            stage.Run(channel);
    }

    /// <inheritdoc cref="OtNonLinearClient.Keep"/>
    public void Keep(MaterialFields fields)
    {
        foreach (OtNonLinearClient stage in _stages)
            stage.Keep(fields);
    }

    public void Dispose()
    {
        foreach (OtNonLinearClient stage in _stages)
            stage.Dispose();
    }
}
