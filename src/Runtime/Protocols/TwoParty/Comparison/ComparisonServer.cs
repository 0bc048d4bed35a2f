using System.Collections.Immutable;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>The server of <see cref="ComparisonProtocol"/>.</summary>
internal sealed class ComparisonServer(ComparisonProtocol protocol) : IComparisonServer
{
    private readonly ImmutableArray<OtNonLinearServer> _stages = [.. protocol.Stages.Select(s => new OtNonLinearServer(s))];

    /// <inheritdoc/>
    public void ReceiveTransfers(MessageChannel channel, SilentTransfers transfers, GarblingSession session)
    {
        foreach (OtNonLinearServer stage in _stages)
            stage.ReceiveTransfers(channel, transfers.Choices, session);
    }

    /// <inheritdoc/>
    public void SendTransfers(MessageChannel channel, SilentTransfers transfers, GarblingSession session, AesCtrGenerator random)
    {
        foreach (OtNonLinearServer stage in _stages)
            stage.SendTransfers(channel, transfers.Offers, session, random);
    }

    /// <inheritdoc/>
    public void ReceiveCorrections(MessageChannel channel)
    {
        foreach (OtNonLinearServer stage in _stages)
            stage.ReceiveCorrections(channel);
    }

    /// <inheritdoc/>
    public void Run(MessageChannel channel, IReadOnlyList<ulong[]> inputShares, Span<ulong> outputShare)
    {
        ulong[] elements = WindowMaxima.Load(protocol.Pool, inputShares[0]);
        for (int level = 0; level < protocol.Levels; level++)
        {
            ulong[] differences = WindowMaxima.Differences(protocol.Ring, elements, protocol.Count), relus = new ulong[differences.Length];
            _stages[level].Run(channel, differences, relus);
            elements = WindowMaxima.Maxima(protocol.Ring, elements, relus, protocol.Count);
        }

        if (protocol.Levels == _stages.Length)
        {
            elements.CopyTo(outputShare);
        }
        else if (protocol.Clip is { } clip)
        {
            ulong[] relus = new ulong[2 * outputShare.Length];
            _stages[^1].Run(channel, clip.Differences(elements, isServer: true), relus);
            clip.Join(relus, outputShare);
        }
        else
        {
            _stages[^1].Run(channel, elements, outputShare);
        }
    }

    /// <inheritdoc/>
    public void Keep(MaterialFields fields)
    {
        foreach (OtNonLinearServer stage in _stages)
            stage.Keep(fields);
    }

    public void Dispose()
    {
        foreach (OtNonLinearServer stage in _stages)
            stage.Dispose();
    }
}
