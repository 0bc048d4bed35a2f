using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// Fills a <see cref="PolynomialClient"/> by correlated oblivious transfer with the server, offline. Products of words of different
/// parties follow Gilboa ("Two party RSA key generation", CRYPTO 1999, section 4.1): one party chooses with bit i of its word
/// and gets a pad, plus the other's word where the bit is 1. Work goes in batches, which bounds memory.
/// </summary>
internal sealed class PolynomialTransferClient(
    PolynomialProtocol protocol, PolynomialClient material, MessageChannel channel, CorrelatedOtReceiver transfers, CorrelatedOtSender? choices, GarblingSession session)
{
    /// <param name="random">Draws ρ.</param>
    public void Run(AesCtrGenerator random)
    {
        if (protocol.OutputShift.Wraps)
            random.FillRing(material.OutputChoices, 1);
        foreach ((int start, int count) in protocol.Batches)
        {
            using PooledBlocks signKeys = new(protocol.InputShift.Wraps ? count : 0);
            if (protocol.InputShift.Wraps)
                SendSigns(start, count, signKeys.Span);
            for (int exchange = 1; exchange <= protocol.Exchanges; exchange++)
                Exchange(exchange, start, count);
            if (protocol.NeedsChoices)
                ExchangeWraps(start, count, signKeys.Span);
        }
    }

    private void SendSigns(int start, int count, Span<Block> keys)
    {
        channel.BeginSend(MessageKind.Step, protocol.Signs(count));
        transfers.Extend(channel, PackedBits.Pack(material.Wraps.Signed[0].AsSpan(start, count), 1), keys);
        channel.EndSend();
    }

    private void Exchange(int exchange, int start, int count)
    {
        int bits = protocol.ChoiceBits(exchange);
        using PooledBlocks keys = new(count * bits);
        byte[] chosen = PackedBits.Pack(material.Powers[exchange].AsSpan(start, count), bits);
        channel.BeginSend(MessageKind.Step, protocol.Transfers(exchange, count));
        transfers.Extend(channel, chosen, keys.Span);
        channel.EndSend();

        byte[] corrections = new byte[protocol.CorrectionBytes(exchange, count)];
        channel.BeginReceive(MessageKind.Step, protocol.Corrections(exchange, count));
        channel.Receive(corrections);
        channel.EndReceive();
        TweakableHash hash = new(session.StartPoint, session.Reserve(protocol.Tweaks(exchange, count)));
        Multiply(exchange, start, count, hash, keys.Span, corrections);
    }

    // At the party that chooses, a product is Σ 2^i·(pad + bit·correction); the highest bit of a signed word counts negatively.
    private void Multiply(int exchange, int start, int count, TweakableHash hash, ReadOnlySpan<Block> keys, ReadOnlySpan<byte> corrections)
    {
        int ring = protocol.PowerRing.Bits, bits = protocol.ChoiceBits(exchange), products = protocol.Products(exchange), stride = PowerPads.Stride(products);
        Span<ulong> pads = stackalloc ulong[stride * bits], results = stackalloc ulong[products];
        BitReader reader = new(corrections);
        for (int element = start; element < start + count; element++)
        {
            PowerPads.Fill(hash, keys.Slice((element - start) * bits, bits), products, pads);
            ulong chosen = material.Powers[exchange][element];
            for (int product = 0; product < products; product++)
            {
                ulong sum = 0, term = 0;
                for (int i = 0; i < bits; i++)
                {
                    term = (pads[(stride * i) + product] + ((0 - ((chosen >> i) & 1)) & reader.Read(ring - i))) << i;
                    sum += term;
                }

                results[product] = sum - (2 * term);
            }

            material.Powers.Add(exchange, element, results);
        }

        pads.Clear();
    }

    private void ExchangeWraps(int start, int count, ReadOnlySpan<Block> signKeys)
    {
        byte[] corrections = new byte[protocol.SignBytes(count)];
        using PooledBlocks choiceKeys = new(protocol.Choices(count));
        CorrelatedOtSender offered = choices ?? throw new InvalidOperationException("The session has no transfers in which the server chooses.");
        channel.BeginReceive(MessageKind.Step, protocol.SignCorrections(count));
        channel.Receive(corrections);
        offered.Extend(channel, choiceKeys.Span);
        channel.EndReceive();
        ReadOnlySpan<Block> keys = choiceKeys.Span;
        channel.BeginSend(MessageKind.Step, protocol.ChoiceCorrections(count));
        if (protocol.InputShift.Wraps)
        {
            MultiplySigns(start, count, signKeys, corrections);
            OfferSigned(start, count, keys[..count], offered.Delta);
            keys = keys[count..];
        }

        if (protocol.OutputShift.Wraps)
            OfferOutputChoices(start, count, keys, offered.Delta);
        channel.EndSend();
    }

    // γ·u^j = γ·(own share) + pad + γ·correction.
    private void MultiplySigns(int start, int count, ReadOnlySpan<Block> keys, ReadOnlySpan<byte> corrections)
    {
        int words = protocol.Degree - 1, bits = protocol.InputShift.WrapBits, stride = PowerPads.Stride(words);
        ulong[] pads = new ulong[count * stride];
        PowerPads.Fill(Hash(count, words), keys, words, pads);
        BitReader reader = new(corrections);
        for (int i = 0; i < count; i++)
        {
            ulong sign = 0 - material.Wraps.Signed[0][start + i];
            for (int j = 1; j <= words; j++)
            {
                ulong product = (sign & (material.Powers[j][start + i] + reader.Read(bits))) + pads[(i * stride) + j - 1];
                material.Wraps.Signed[j][start + i] = product & protocol.InputShift.WrapMask;
            }
        }

        Array.Clear(pads);
    }

    // Offers its shares of γ·u^j to τ, and keeps minus the pads.
    private void OfferSigned(int start, int count, ReadOnlySpan<Block> keys, Block delta)
    {
        int words = protocol.Degree, bits = protocol.InputShift.WrapBits, stride = PowerPads.Stride(words);
        ulong mask = protocol.InputShift.WrapMask;
        ulong[] pads = new ulong[count * stride], offsetPads = new ulong[count * stride];
        PowerPads.FillBoth(Hash(count, words), keys, delta, words, pads, offsetPads);
        byte[] corrections = new byte[protocol.SignedBytes(count)];
        BitWriter writer = new(corrections);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < words; j++)
            {
                ulong pad = pads[(i * stride) + j];
                writer.Write((pad - offsetPads[(i * stride) + j] + material.Wraps.Signed[j][start + i]) & mask, bits);
                material.Wraps.Chosen[j][start + i] = (0 - pad) & mask;
            }
        }

        writer.Flush();
        Array.Clear(pads);
        Array.Clear(offsetPads);
        channel.Send(corrections);
    }

    // Offers ρ to τ', and keeps minus the pads.
    private void OfferOutputChoices(int start, int count, ReadOnlySpan<Block> keys, Block delta)
    {
        int bits = protocol.OutputShift.WrapBits, stride = PowerPads.Stride(1);
        ulong mask = protocol.OutputShift.WrapMask;
        ulong[] pads = new ulong[count * stride], offsetPads = new ulong[count * stride], corrections = new ulong[count];
        PowerPads.FillBoth(Hash(count, 1), keys, delta, 1, pads, offsetPads);
        for (int i = 0; i < count; i++)
        {
            corrections[i] = pads[i * stride] - offsetPads[i * stride] + material.OutputChoices[start + i];
            material.OutputProducts[start + i] = (0 - pads[i * stride]) & mask;
        }

        Array.Clear(pads);
        Array.Clear(offsetPads);
        ShareMessages.Send(channel, corrections, bits);
    }

    private TweakableHash Hash(int keys, int words) => new(session.StartPoint, session.Reserve((ulong)PowerPads.Rounds(keys, words)));
}
