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
            if (batches[i].ServerChoices > 0)
                yield return DescribeChoiceExtension(batches[i], sizes);
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

    /// <summary>The client's part.</summary>
    /// <param name="steps">The steps in plan order, with the material to fill.</param>
    /// <param name="channel">To the server.</param>
    /// <param name="transfers">The session's.</param>
    /// <param name="sizes">Of <paramref name="transfers"/>.</param>
    /// <param name="session">Gives tweaks.</param>
    /// <param name="random">Draws choices.</param>
    public static void Run(
        IEnumerable<(IPolynomialProtocol Protocol, IPolynomialClient Material)> steps, MessageChannel channel, SilentTransfers transfers, SilentTransferSizes sizes, GarblingSession session, AesCtrGenerator random)
    {
        (PolynomialBatch Batch, IPolynomialClient Material)[] batches = [.. steps.SelectMany(s => PolynomialBatch.Of(s.Protocol).Select(b => (b, s.Material)))];
        PooledBlocks? keys = batches.Length > 0 ? Receive(batches[0].Batch) : null, next = null;
        try
        {
            for (int i = 0; i < batches.Length; i++)
            {
                int following = i + 1;
                PolynomialBatch batch = batches[i].Batch;
                using PooledBlocks offered = new(batch.ServerChoices);
                if (batch.ServerChoices > 0)
                {
                    channel.BeginSend(MessageKind.Step, ChoiceExtension(batch, sizes));
                    transfers.Offers.Extend(channel, offered.Span);
                    channel.EndSend();
                }

                batches[i].Material.Prepare(
                    batch, channel, session, random, new BatchTransfers(keys!.Span, offered.Span, transfers.Offers.Delta), () => next = following < batches.Length ? Receive(batches[following].Batch) : null);
                keys.Dispose();
                (keys, next) = (next, null);
            }
        }
        finally
        {
            keys?.Dispose();
            next?.Dispose();
        }

        PooledBlocks Receive(PolynomialBatch batch)
        {
            PooledBlocks received = new(batch.ClientChoices);
            if (batch.ClientChoices == 0)
                return received;
            channel.BeginReceive(MessageKind.Step, Extension(batch, sizes));
            transfers.Choices.Extend(channel, received.Span);
            channel.EndReceive();
            return received;
        }
    }

    /// <summary>The server's part.</summary>
    /// <param name="steps">The steps in plan order, with the material to fill.</param>
    /// <param name="channel">To the client.</param>
    /// <param name="transfers">The session's.</param>
    /// <param name="sizes">Of <paramref name="transfers"/>.</param>
    /// <param name="session">Gives tweaks.</param>
    /// <param name="random">Draws masks and choices.</param>
    public static void Run(
        IEnumerable<(IPolynomialProtocol Protocol, IPolynomialServer Material)> steps, MessageChannel channel, SilentTransfers transfers, SilentTransferSizes sizes, GarblingSession session, AesCtrGenerator random)
    {
        (PolynomialBatch Batch, IPolynomialServer Material)[] batches = [.. steps.SelectMany(s => PolynomialBatch.Of(s.Protocol).Select(b => (b, s.Material)))];
        PooledBlocks? keys = batches.Length > 0 ? Send(batches[0].Batch) : null, next = null;
        try
        {
            for (int i = 0; i < batches.Length; i++)
            {
                int following = i + 1;
                PolynomialBatch batch = batches[i].Batch;
                using PooledBlocks chosen = new(batch.ServerChoices);
                if (batch.ServerChoices > 0)
                {
                    channel.BeginReceive(MessageKind.Step, ChoiceExtension(batch, sizes));
                    transfers.Choices.Extend(channel, chosen.Span);
                    channel.EndReceive();
                }

                batches[i].Material.Prepare(
                    batch, channel, session, random, new BatchTransfers(keys!.Span, chosen.Span, transfers.Offers.Delta), () => next = following < batches.Length ? Send(batches[following].Batch) : null);
                keys.Dispose();
                (keys, next) = (next, null);
            }
        }
        finally
        {
            keys?.Dispose();
            next?.Dispose();
        }

        PooledBlocks Send(PolynomialBatch batch)
        {
            PooledBlocks sent = new(batch.ClientChoices);
            if (batch.ClientChoices == 0)
                return sent;
            channel.BeginSend(MessageKind.Step, Extension(batch, sizes));
            transfers.Offers.Extend(channel, sent.Span);
            channel.EndSend();
            return sent;
        }
    }

    private static PlannedMessage Extension(PolynomialBatch batch, SilentTransferSizes sizes)
        => PlannedMessage.Create(batch.Protocol.Step, Phase.Offline, Party.Server, SilentOt.SenderBytes(sizes.ClientChooses, batch.ClientChoices));

    private static PlannedMessage ChoiceExtension(PolynomialBatch batch, SilentTransferSizes sizes)
        => PlannedMessage.Create(batch.Protocol.Step, Phase.Offline, Party.Client, SilentOt.SenderBytes(sizes.ServerChooses, batch.ServerChoices));

    private static MessageTransfer? DescribeExtension(PolynomialBatch batch, SilentTransferSizes sizes)
    {
        WorkCost work = SilentOt.Work(sizes.ClientChooses, batch.ClientChoices);
        return batch.ClientChoices == 0 ? null : new MessageTransfer(Extension(batch, sizes), work, work);
    }

    private static MessageTransfer DescribeChoiceExtension(PolynomialBatch batch, SilentTransferSizes sizes)
    {
        WorkCost work = SilentOt.Work(sizes.ServerChooses, batch.ServerChoices);
        return new MessageTransfer(ChoiceExtension(batch, sizes), work, work);
    }
}
