using System.Collections.Immutable;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>The client of <see cref="ComparisonProtocol"/>.</summary>
internal sealed class ComparisonClient(ComparisonProtocol protocol) : IComparisonClient
{
    private readonly ImmutableArray<OtNonLinearClient> _stages = [.. protocol.Stages.Select(s => new OtNonLinearClient(s))];

    /// <inheritdoc/>
    public void SendTransfers(MessageChannel channel, SilentTransfers transfers, GarblingSession session)
    {
        foreach (OtNonLinearClient stage in _stages)
            stage.SendTransfers(channel, transfers.Offers, session);
    }

    /// <inheritdoc/>
    public void ReceiveTransfers(MessageChannel channel, SilentTransfers transfers, GarblingSession session)
    {
        foreach (OtNonLinearClient stage in _stages)
            stage.ReceiveTransfers(channel, transfers.Choices, session);
    }

    /// <inheritdoc/>
    public void SendCorrections(MessageChannel channel, IReadOnlyList<ulong[]> inputShares, ReadOnlySpan<ulong> outputShare, AesCtrGenerator random)
    {
        ulong[] elements = WindowMaxima.Load(protocol.Pool, inputShares[0]);
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
            SendLastCorrections(channel, elements, outputShare, random);
    }

    /// <inheritdoc/>
    public void Run(MessageChannel channel)
    {
        foreach (OtNonLinearClient stage in _stages)
            stage.Run(channel);
    }

    /// <inheritdoc/>
    public void Keep(MaterialFields fields)
    {
        foreach (OtNonLinearClient stage in _stages)
            stage.Keep(fields);
    }

    private void SendLastCorrections(MessageChannel channel, ReadOnlySpan<ulong> elements, ReadOnlySpan<ulong> outputShare, AesCtrGenerator random)
    {
        if (protocol.Clip is not { } clip)
        {
            _stages[^1].SendCorrections(channel, elements, outputShare);
            return;
        }

        ulong[] relus = new ulong[2 * outputShare.Length];
        random.FillRing(relus, protocol.Ring.Bits);
        clip.Split(outputShare, relus);
        _stages[^1].SendCorrections(channel, clip.Differences(elements, isServer: false), relus);
    }

    public void Dispose()
    {
        foreach (OtNonLinearClient stage in _stages)
            stage.Dispose();
    }
}
