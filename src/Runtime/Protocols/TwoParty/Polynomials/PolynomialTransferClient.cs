using System.Numerics;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// Fills a <see cref="PolynomialClient{TWord}"/> by oblivious transfer with the server, offline, a batch at a time
/// (<see cref="PolynomialPreparation"/>). Products of words of different parties follow Gilboa ("Two party RSA key generation",
/// CRYPTO 1999, section 4.1): one party chooses with bit i of its word and gets a pad, plus the other's word where the bit is 1.
/// </summary>
internal sealed class PolynomialTransferClient<TWord>(
    PolynomialProtocol protocol, PolynomialBatch batch, PolynomialClient<TWord> material, MessageChannel channel, GarblingSession session)
    where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
{
    private readonly PolynomialProtocol _protocol = protocol;
    private readonly int _start = batch.Start;
    private readonly int _count = batch.Count;

    /// <param name="random">Draws ρ.</param>
    /// <param name="transfers">The batch's transfers; changed.</param>
    /// <param name="beforeAnswer">Called before the first message from the server.</param>
    public void Run(AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer)
    {
        Span<Block> keys = transfers.ClientChooses;
        if (_protocol.OutputShift.Wraps)
            random.FillRing(material.OutputChoices.AsSpan(_start, _count), 1);
        Span<Block> signKeys = keys[..(_protocol.InputShift.Wraps ? _count : 0)];
        if (_protocol.InputShift.Wraps)
            SendChoices(_protocol.Signs(_count), material.Wraps.Signed[0].AsSpan(_start, _count), 1, signKeys);
        keys = keys[signKeys.Length..];
        for (int exchange = 1; exchange <= _protocol.Exchanges; exchange++)
        {
            int choices = _count * _protocol.ChoiceBits(exchange);
            Exchange(exchange, keys[..choices], exchange == 1 ? beforeAnswer : null);
            keys = keys[choices..];
        }

        if (_protocol.Exchanges == 0)
            beforeAnswer();
        if (_protocol.NeedsChoices)
            ExchangeWraps(signKeys, transfers.ServerChooses, transfers.Delta);
    }

    private void SendChoices(Costs.PlannedMessage message, ReadOnlySpan<TWord> words, int bits, Span<Block> keys)
    {
        byte[] chosen = PackedBits.Pack<TWord>(words, bits), corrections = new byte[chosen.Length];
        ChosenChoice.Request(keys, chosen, corrections);
        Array.Clear(chosen);
        channel.BeginSend(MessageKind.Step, message);
        channel.Send(corrections);
        channel.EndSend();
    }

    private void Exchange(int exchange, Span<Block> keys, Action? beforeAnswer)
    {
        SendChoices(_protocol.Transfers(exchange, _count), material.Powers[exchange].AsSpan(_start, _count), _protocol.ChoiceBits(exchange), keys);
        beforeAnswer?.Invoke();
        byte[] corrections = new byte[_protocol.CorrectionBytes(exchange, _count)];
        channel.BeginReceive(MessageKind.Step, _protocol.Corrections(exchange, _count));
        channel.Receive(corrections);
        channel.EndReceive();
        TweakableHash hash = new(session.StartPoint, session.Reserve(_protocol.Tweaks(exchange, _count)));
        Multiply(exchange, hash, keys, corrections);
    }

    // At the party that chooses, a product is Σ 2^i·(pad + bit·correction); the highest bit of a signed word counts negatively.
    private void Multiply(int exchange, TweakableHash hash, ReadOnlySpan<Block> keys, ReadOnlySpan<byte> corrections)
    {
        int ring = _protocol.PowerBits, bits = _protocol.ChoiceBits(exchange), products = _protocol.Products(exchange), stride = PowerPads<TWord>.Stride(products);
        Span<TWord> pads = stackalloc TWord[stride * bits], results = stackalloc TWord[products];
        BitReader reader = new(corrections);
        for (int element = _start; element < _start + _count; element++)
        {
            PowerPads<TWord>.Fill(hash, keys.Slice((element - _start) * bits, bits), products, pads);
            TWord chosen = material.Powers[exchange][element];
            for (int product = 0; product < products; product++)
            {
                TWord sum = TWord.Zero, term = TWord.Zero;
                for (int i = 0; i < bits; i++)
                {
                    term = (pads[(stride * i) + product] + ((TWord.Zero - ((chosen >> i) & TWord.One)) & reader.Read<TWord>(ring - i))) << i;
                    sum += term;
                }

                results[product] = sum - (term + term);
            }

            material.Powers.Add(exchange, element, results);
        }

        pads.Clear();
    }

    private void ExchangeWraps(ReadOnlySpan<Block> signKeys, Span<Block> offered, Block delta)
    {
        byte[] corrections = new byte[_protocol.SignBytes(_count)], choices = new byte[ChosenChoice.ReceiverBytes(offered.Length)];
        channel.BeginReceive(MessageKind.Step, _protocol.SignCorrections(_count));
        channel.Receive(corrections);
        channel.Receive(choices);
        channel.EndReceive();
        ChosenChoice.Apply(delta, choices, offered);
        channel.BeginSend(MessageKind.Step, _protocol.ChoiceCorrections(_count));
        if (_protocol.InputShift.Wraps)
        {
            MultiplySigns(signKeys, corrections);
            OfferSigned(offered[.._count], delta);
            offered = offered[_count..];
        }

        if (_protocol.OutputShift.Wraps)
            OfferOutputChoices(offered, delta);
        channel.EndSend();
    }

    // γ·u^j = γ·(own share) + pad + γ·correction.
    private void MultiplySigns(ReadOnlySpan<Block> keys, ReadOnlySpan<byte> corrections)
    {
        int words = _protocol.Degree - 1, bits = _protocol.InputShift.WrapBits, stride = PowerPads<TWord>.Stride(words);
        TWord mask = Words.Mask<TWord>(bits);
        TWord[] pads = new TWord[_count * stride];
        PowerPads<TWord>.Fill(Hash<TWord>(_count, words), keys, words, pads);
        BitReader reader = new(corrections);
        for (int i = 0; i < _count; i++)
        {
            TWord sign = TWord.Zero - material.Wraps.Signed[0][_start + i];
            for (int j = 1; j <= words; j++)
            {
                TWord product = (sign & (material.Powers[j][_start + i] + reader.Read<TWord>(bits))) + pads[(i * stride) + j - 1];
                material.Wraps.Signed[j][_start + i] = product & mask;
            }
        }

        Array.Clear(pads);
    }

    // Offers its shares of γ·u^j to τ, and keeps minus the pads.
    private void OfferSigned(ReadOnlySpan<Block> keys, Block delta)
    {
        int words = _protocol.Degree, bits = _protocol.InputShift.WrapBits, stride = PowerPads<TWord>.Stride(words);
        TWord mask = Words.Mask<TWord>(bits);
        TWord[] pads = new TWord[_count * stride], offsetPads = new TWord[_count * stride];
        PowerPads<TWord>.FillBoth(Hash<TWord>(_count, words), keys, delta, words, pads, offsetPads);
        byte[] corrections = new byte[_protocol.SignedBytes(_count)];
        BitWriter writer = new(corrections);
        for (int i = 0; i < _count; i++)
        {
            for (int j = 0; j < words; j++)
            {
                TWord pad = pads[(i * stride) + j];
                writer.Write((pad - offsetPads[(i * stride) + j] + material.Wraps.Signed[j][_start + i]) & mask, bits);
                material.Wraps.Chosen[j][_start + i] = (TWord.Zero - pad) & mask;
            }
        }

        writer.Flush();
        Array.Clear(pads);
        Array.Clear(offsetPads);
        channel.Send(corrections);
    }

    // Offers ρ to τ', and keeps minus the pads.
    private void OfferOutputChoices(ReadOnlySpan<Block> keys, Block delta)
    {
        int bits = _protocol.OutputShift.WrapBits, stride = PowerPads<ulong>.Stride(1);
        ulong mask = Words.Mask<ulong>(bits);
        ulong[] pads = new ulong[_count * stride], offsetPads = new ulong[_count * stride], corrections = new ulong[_count];
        PowerPads<ulong>.FillBoth(Hash<ulong>(_count, 1), keys, delta, 1, pads, offsetPads);
        for (int i = 0; i < _count; i++)
        {
            corrections[i] = pads[i * stride] - offsetPads[i * stride] + material.OutputChoices[_start + i];
            material.OutputProducts[_start + i] = (0 - pads[i * stride]) & mask;
        }

        Array.Clear(pads);
        Array.Clear(offsetPads);
        ShareMessages.Send<ulong>(channel, corrections, bits);
    }

    private TweakableHash Hash<TPad>(int keys, int words)
        where TPad : unmanaged, IBinaryInteger<TPad>, IUnsignedNumber<TPad>
        => new(session.StartPoint, session.Reserve((ulong)PowerPads<TPad>.Rounds(keys, words)));
}
