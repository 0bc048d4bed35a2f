using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>Fills a <see cref="PolynomialServer"/> by correlated oblivious transfer with the client, offline; see <see cref="PolynomialTransferClient"/>.</summary>
internal sealed class PolynomialTransferServer(
    PolynomialProtocol protocol, PolynomialServer material, MessageChannel channel, CorrelatedOtSender transfers, CorrelatedOtReceiver? choices, GarblingSession session)
{
    /// <param name="random">Draws t, τ and τ'.</param>
    public void Run(AesCtrGenerator random)
    {
        foreach ((int start, int count) in protocol.Batches)
        {
            random.FillRing(material.Powers[1].AsSpan(start, count), protocol.PowerRing.Bits);
            using PooledBlocks signKeys = new(protocol.InputShift.Wraps ? count : 0);
            if (protocol.InputShift.Wraps)
                Receive(protocol.Signs(count), signKeys.Span);
            for (int exchange = 1; exchange <= protocol.Exchanges; exchange++)
                Exchange(exchange, start, count);
            if (!protocol.NeedsChoices)
                continue;
            if (protocol.InputShift.Wraps)
                random.FillRing(material.InputChoices.AsSpan(start, count), 1);
            if (protocol.OutputShift.Wraps)
                random.FillRing(material.OutputChoices.AsSpan(start, count), 1);
            ExchangeWraps(start, count, signKeys.Span);
        }
    }

    private void Receive(Costs.PlannedMessage message, Span<Block> keys)
    {
        channel.BeginReceive(MessageKind.Step, message);
        transfers.Extend(channel, keys);
        channel.EndReceive();
    }

    private void Exchange(int exchange, int start, int count)
    {
        using PooledBlocks keys = new(count * protocol.ChoiceBits(exchange));
        Receive(protocol.Transfers(exchange, count), keys.Span);
        byte[] corrections = new byte[protocol.CorrectionBytes(exchange, count)];
        TweakableHash hash = new(session.StartPoint, session.Reserve(protocol.Tweaks(exchange, count)));
        Multiply(exchange, start, count, hash, keys.Span, corrections);
        channel.BeginSend(MessageKind.Step, protocol.Corrections(exchange, count));
        channel.Send(corrections);
        channel.EndSend();
    }

    // At the party that offers, a product is −Σ 2^i·pad. Its shares of the powers follow from pads alone, so that a word that an
    // exchange completes can be offered in the same exchange.
    private void Multiply(int exchange, int start, int count, TweakableHash hash, ReadOnlySpan<Block> keys, Span<byte> corrections)
    {
        int ring = protocol.PowerRing.Bits, bits = protocol.ChoiceBits(exchange), products = protocol.Products(exchange), stride = PowerPads.Stride(products);
        int first = PowerSchedule.Offered(exchange, protocol.Degree).First;
        Span<ulong> pads = stackalloc ulong[stride * bits], offsetPads = stackalloc ulong[stride * bits], results = stackalloc ulong[products];
        BitWriter writer = new(corrections);
        for (int element = start; element < start + count; element++)
        {
            PowerPads.FillBoth(hash, keys.Slice((element - start) * bits, bits), transfers.Delta, products, pads, offsetPads);
            for (int product = 0; product < products; product++)
            {
                ulong sum = 0, term = 0;
                for (int i = 0; i < bits; i++)
                {
                    term = pads[(stride * i) + product] << i;
                    sum += term;
                }

                results[product] = (2 * term) - sum;
            }

            material.Powers.Add(exchange, element, results);
            for (int product = 0; product < products; product++)
            {
                ulong word = material.Powers[first + product][element];
                for (int i = 0; i < bits; i++)
                {
                    int pad = (stride * i) + product;
                    writer.Write((pads[pad] - offsetPads[pad] + word) & new Ring(ring - i).Mask, ring - i);
                }
            }
        }

        writer.Flush();
        pads.Clear();
        offsetPads.Clear();
    }

    private void ExchangeWraps(int start, int count, ReadOnlySpan<Block> signKeys)
    {
        byte[] corrections = protocol.InputShift.Wraps ? SignCorrections(start, count, signKeys) : [];
        using PooledBlocks choiceKeys = new(protocol.Choices(count));
        CorrelatedOtReceiver chosen = choices ?? throw new InvalidOperationException("The session has no transfers in which the server chooses.");
        ulong[] bits =
        [
            .. protocol.InputShift.Wraps ? material.InputChoices.AsSpan(start, count) : [],
            .. protocol.OutputShift.Wraps ? material.OutputChoices.AsSpan(start, count) : [],
        ];
        channel.BeginSend(MessageKind.Step, protocol.SignCorrections(count));
        channel.Send(corrections);
        chosen.Extend(channel, PackedBits.Pack(bits, 1), choiceKeys.Span);
        channel.EndSend();
        Array.Clear(bits);
        ReadOnlySpan<Block> keys = choiceKeys.Span;
        channel.BeginReceive(MessageKind.Step, protocol.ChoiceCorrections(count));
        if (protocol.InputShift.Wraps)
        {
            MultiplyChoices(start, count, keys[..count]);
            keys = keys[count..];
        }

        if (protocol.OutputShift.Wraps)
            MultiplyOutputChoices(start, count, keys);
        channel.EndReceive();
    }

    // Offers its shares of u^j to γ, and keeps minus the pads.
    private byte[] SignCorrections(int start, int count, ReadOnlySpan<Block> keys)
    {
        int words = protocol.Degree - 1, bits = protocol.InputShift.WrapBits, stride = PowerPads.Stride(words);
        ulong mask = protocol.InputShift.WrapMask;
        ulong[] pads = new ulong[count * stride], offsetPads = new ulong[count * stride];
        PowerPads.FillBoth(Hash(count, words), keys, transfers.Delta, words, pads, offsetPads);
        byte[] corrections = new byte[protocol.SignBytes(count)];
        BitWriter writer = new(corrections);
        for (int i = 0; i < count; i++)
        {
            for (int j = 1; j <= words; j++)
            {
                ulong pad = pads[(i * stride) + j - 1];
                writer.Write((pad - offsetPads[(i * stride) + j - 1] + material.Powers[j][start + i]) & mask, bits);
                material.Wraps.Signed[j][start + i] = (0 - pad) & mask;
            }
        }

        writer.Flush();
        Array.Clear(pads);
        Array.Clear(offsetPads);
        return corrections;
    }

    // τ·(γ·u^j) = τ·(own share) + pad + τ·correction.
    private void MultiplyChoices(int start, int count, ReadOnlySpan<Block> keys)
    {
        int words = protocol.Degree, bits = protocol.InputShift.WrapBits, stride = PowerPads.Stride(words);
        ulong[] pads = new ulong[count * stride];
        PowerPads.Fill(Hash(count, words), keys, words, pads);
        byte[] corrections = new byte[protocol.SignedBytes(count)];
        channel.Receive(corrections);
        BitReader reader = new(corrections);
        for (int i = 0; i < count; i++)
        {
            ulong choice = 0 - material.InputChoices[start + i];
            for (int j = 0; j < words; j++)
            {
                ulong product = (choice & (material.Wraps.Signed[j][start + i] + reader.Read(bits))) + pads[(i * stride) + j];
                material.Wraps.Chosen[j][start + i] = product & protocol.InputShift.WrapMask;
            }
        }

        Array.Clear(pads);
    }

    // τ'·ρ = pad + τ'·correction.
    private void MultiplyOutputChoices(int start, int count, ReadOnlySpan<Block> keys)
    {
        int stride = PowerPads.Stride(1);
        ulong[] pads = new ulong[count * stride], corrections = new ulong[count];
        PowerPads.Fill(Hash(count, 1), keys, 1, pads);
        ShareMessages.Receive(channel, corrections, protocol.OutputShift.WrapBits);
        for (int i = 0; i < count; i++)
        {
            ulong product = pads[i * stride] + (material.OutputChoices[start + i] * corrections[i]);
            material.OutputProducts[start + i] = product & protocol.OutputShift.WrapMask;
        }

        Array.Clear(pads);
    }

    private TweakableHash Hash(int keys, int words) => new(session.StartPoint, session.Reserve((ulong)PowerPads.Rounds(keys, words)));
}
