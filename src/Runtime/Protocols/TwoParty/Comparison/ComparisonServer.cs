using System.Collections.Immutable;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// The server of <see cref="ComparisonProtocol"/> and its material, for one inference: the calls below, in their order and
/// each once.
/// </summary>
internal sealed class ComparisonServer(ComparisonProtocol protocol) : IDisposable
{
    private readonly ImmutableArray<OtNonLinearServer> _stages = [.. protocol.Stages.Select(s => new OtNonLinearServer(s))];

    /// <inheritdoc cref="OtNonLinearServer.ReceiveTransfers"/>
    public void ReceiveTransfers(MessageChannel channel, SilentTransfers transfers, GarblingSession session)
    {
        foreach (OtNonLinearServer stage in _stages)
            stage.ReceiveTransfers(channel, transfers.Choices, session);
    }

    /// <inheritdoc cref="OtNonLinearServer.SendTransfers"/>
    public void SendTransfers(MessageChannel channel, SilentTransfers transfers, GarblingSession session, AesCtrGenerator random)
    {
        foreach (OtNonLinearServer stage in _stages)
            stage.SendTransfers(channel, transfers.Offers, session, random);
    }

    /// <inheritdoc cref="OtNonLinearServer.ReceiveCorrections"/>
    public void ReceiveCorrections(MessageChannel channel)
    {
        foreach (OtNonLinearServer stage in _stages)
            stage.ReceiveCorrections(channel);
    }

    /// <summary>Online: from its share of the input to its share y − r of the output; clears the material.</summary>
    public void Run(MessageChannel channel, ReadOnlySpan<ulong> inputShare, Span<ulong> outputShare)
    {
        ulong[] elements = WindowMaxima.Load(protocol.Pool, inputShare);
        for (int level = 0; level < protocol.Levels; level++)
        {
            ulong[] differences = WindowMaxima.Differences(protocol.Ring, elements, protocol.Count), relus = new ulong[differences.Length];
            _stages[level].Run(channel, differences, relus);
            elements = WindowMaxima.Maxima(protocol.Ring, elements, relus, protocol.Count);
        }

        if (protocol.Levels < _stages.Length)
            _stages[^1].Run(channel, elements, outputShare);
        else
            elements.CopyTo(outputShare);
    }

    /// <inheritdoc cref="OtNonLinearServer.Keep"/>
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
