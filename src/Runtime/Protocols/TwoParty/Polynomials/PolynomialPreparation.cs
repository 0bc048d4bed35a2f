using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Protocols.TwoParty.Comparison;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// The offline phase of an inference's polynomial steps, batch after batch, which bounds memory. Transfers are silent
/// (<see cref="SilentOt"/>): random ones, which a bit each turns into those of the parties' words (<see cref="ChosenChoice"/>). A
/// batch's transfers in which the client chooses travel with the server's first answer of the batch before, so that they take no
/// flight of their own; those in which the server chooses, with the client's first message.
/// </summary>
internal static class PolynomialPreparation
{
    /// <summary>The parameters of silent transfers that suit these steps: transfers of each call, by who chooses.</summary>
    public static IEnumerable<(long ServerChooses, long ClientChooses)> Calls(IPolynomialProtocol protocol)
        => PolynomialBatch.Of(protocol).Select(b => ((long)b.ServerChoices, (long)b.ClientChoices));

    /// <summary>The messages in order, with the work around them.</summary>
    public static IEnumerable<CostEvent> Describe(IEnumerable<IPolynomialProtocol> steps, SilentTransferSizes sizes)
    {
        PolynomialBatch[] batches = [.. steps.SelectMany(PolynomialBatch.Of)];
        if (batches.Length > 0 && DescribeExtension(batches[0], sizes) is { } first)
            yield return first;
        for (int i = 0; i < batches.Length; i++)
        {
            if (DescribeChoiceExtension(batches[i], sizes) is { } choices)
                yield return choices;
            bool isAnswered = false;
            foreach (MessageTransfer transfer in batches[i].Protocol.DescribeBatch(batches[i].Count))
            {
                if (!isAnswered && transfer.Message.Cost.Sender == Party.Server)
                {
                    isAnswered = true;
                    if (i + 1 < batches.Length && DescribeExtension(batches[i + 1], sizes) is { } next)
                        yield return next;
                }

                yield return transfer;
            }
        }
    }

    /// <summary>A party's part.</summary>
    /// <param name="steps">The steps in plan order, with the party's material to fill.</param>
    /// <param name="channel">To the other party.</param>
    /// <param name="transfers">The session's.</param>
    /// <param name="sizes">Of <paramref name="transfers"/>.</param>
    /// <param name="session">Gives tweaks.</param>
    /// <param name="random">Draws choices and masks.</param>
    public static void Run(
        IEnumerable<(IPolynomialProtocol Protocol, IPolynomialMaterial Material)> steps, MessageChannel channel, SilentTransfers transfers, SilentTransferSizes sizes, GarblingSession session, AesCtrGenerator random)
    {
        (PolynomialBatch Batch, IPolynomialMaterial Material)[] batches = [.. steps.SelectMany(s => PolynomialBatch.Of(s.Protocol).Select(b => (b, s.Material)))];
        PooledBlocks? clientChooses = batches.Length > 0 ? OfClient(batches[0].Batch) : null, next = null;
        try
        {
            for (int i = 0; i < batches.Length; i++)
            {
                int following = i + 1;
                PolynomialBatch batch = batches[i].Batch;
                using PooledBlocks serverChooses = Extend(ChoiceExtension(batch, sizes), batch.ServerChoices, channel, transfers);
                batches[i].Material.Prepare(
                    batch, channel, session, random, new BatchTransfers(clientChooses!.Span, serverChooses.Span, transfers.Offers.Delta), () => next = following < batches.Length ? OfClient(batches[following].Batch) : null);
                clientChooses.Dispose();
                (clientChooses, next) = (next, null);
            }
        }
        finally
        {
            clientChooses?.Dispose();
            next?.Dispose();
        }

        PooledBlocks OfClient(PolynomialBatch batch) => Extend(Extension(batch, sizes), batch.ClientChoices, channel, transfers);
    }

    // Fresh transfers, of which the sender of the message is the one who offers; none take no message.
    private static PooledBlocks Extend(PlannedMessage message, int count, MessageChannel channel, SilentTransfers transfers)
    {
        PooledBlocks fresh = new(count);
        if (count == 0)
            return fresh;
        if (message.Cost.Sender == channel.Peer)
        {
            channel.BeginReceive(MessageKind.Step, message);
            transfers.Choices.Extend(channel, fresh.Span);
            channel.EndReceive();
        }
        else
        {
            channel.BeginSend(MessageKind.Step, message);
            transfers.Offers.Extend(channel, fresh.Span);
            channel.EndSend();
        }

        return fresh;
    }

    private static PlannedMessage Extension(PolynomialBatch batch, SilentTransferSizes sizes)
        => PlannedMessage.Create(batch.Protocol.Step, Phase.Offline, Party.Server, SilentOt.SenderBytes(sizes.ClientChooses, batch.ClientChoices));

    private static PlannedMessage ChoiceExtension(PolynomialBatch batch, SilentTransferSizes sizes)
        => PlannedMessage.Create(batch.Protocol.Step, Phase.Offline, Party.Client, SilentOt.SenderBytes(sizes.ServerChooses, batch.ServerChoices));

    private static MessageTransfer? DescribeExtension(PolynomialBatch batch, SilentTransferSizes sizes)
        => Describe(Extension(batch, sizes), sizes.ClientChooses, batch.ClientChoices);

    private static MessageTransfer? DescribeChoiceExtension(PolynomialBatch batch, SilentTransferSizes sizes)
        => Describe(ChoiceExtension(batch, sizes), sizes.ServerChooses, batch.ServerChoices);

    private static MessageTransfer? Describe(PlannedMessage message, LpnParameters parameters, int count)
    {
        WorkCost work = SilentOt.Work(parameters, count);
        return count == 0 ? null : new MessageTransfer(message, work, work);
    }
}
