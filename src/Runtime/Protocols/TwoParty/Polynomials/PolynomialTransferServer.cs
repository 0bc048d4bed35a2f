using System.Numerics;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// Fills a <see cref="PolynomialServer{TWord}"/> by oblivious transfer with the client, offline, a batch at a time; see
/// <see cref="PolynomialTransferClient{TWord}"/>.
/// </summary>
internal sealed class PolynomialTransferServer<TWord>(
    PolynomialProtocol protocol, PolynomialBatch batch, PolynomialServer<TWord> material, MessageChannel channel, GarblingSession session)
    where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
{
    private readonly PolynomialProtocol _protocol = protocol;
    private readonly int _start = batch.Start;
    private readonly int _count = batch.Count;

    /// <param name="random">Draws t, τ and τ'.</param>
    /// <param name="transfers">The batch's transfers; changed.</param>
    /// <param name="beforeAnswer">Called before the first message to the client.</param>
    public void Run(AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer)
    {
        Span<Block> keys = transfers.ClientChooses;
        Block delta = transfers.Delta;
        random.FillRing<TWord>(material.Powers[1].AsSpan(_start, _count), _protocol.PowerBits);
        Span<Block> signKeys = keys[..(_protocol.InputShift.Wraps ? _count : 0)];
        if (_protocol.InputShift.Wraps)
            ReceiveChoices(_protocol.Signs(_count), signKeys, delta);
        keys = keys[signKeys.Length..];
        for (int exchange = 1; exchange <= _protocol.Exchanges; exchange++)
        {
            int choices = _count * _protocol.ChoiceBits(exchange);
            Exchange(exchange, keys[..choices], delta, exchange == 1 ? beforeAnswer : null);
            keys = keys[choices..];
        }

        if (_protocol.Exchanges == 0)
            beforeAnswer();
        if (!_protocol.NeedsChoices)
            return;
        if (_protocol.InputShift.Wraps)
            random.FillRing(material.InputChoices.AsSpan(_start, _count), 1);
        if (_protocol.OutputShift.Wraps)
            random.FillRing(material.OutputChoices.AsSpan(_start, _count), 1);
        ExchangeWraps(signKeys, delta, transfers.ServerChooses);
    }

    private void ReceiveChoices(Costs.PlannedMessage message, Span<Block> keys, Block delta)
    {
        byte[] corrections = new byte[ChosenChoice.ReceiverBytes(keys.Length)];
        channel.BeginReceive(MessageKind.Step, message);
        channel.Receive(corrections);
        channel.EndReceive();
        ChosenChoice.Apply(delta, corrections, keys);
    }

    private void Exchange(int exchange, Span<Block> keys, Block delta, Action? beforeAnswer)
    {
        ReceiveChoices(_protocol.Transfers(exchange, _count), keys, delta);
        beforeAnswer?.Invoke();
        byte[] corrections = new byte[_protocol.CorrectionBytes(exchange, _count)];
        TweakableHash hash = new(session.StartPoint, session.Reserve(_protocol.Tweaks(exchange, _count)));
        Multiply(exchange, hash, keys, delta, corrections);
        channel.BeginSend(MessageKind.Step, _protocol.Corrections(exchange, _count));
        channel.Send(corrections);
        channel.EndSend();
    }

    // At the party that offers, a product is −Σ 2^i·pad. Its shares of the powers follow from pads alone, so that a word that an
    // exchange completes can be offered in the same exchange.
    private void Multiply(int exchange, TweakableHash hash, ReadOnlySpan<Block> keys, Block delta, Span<byte> corrections)
    {
        int ring = _protocol.PowerBits, bits = _protocol.ChoiceBits(exchange), products = _protocol.Products(exchange), stride = PowerPads<TWord>.Stride(products);
        int first = PowerSchedule.Offered(exchange, _protocol.Degree).First;
        Span<TWord> pads = stackalloc TWord[stride * bits], offsetPads = stackalloc TWord[stride * bits], results = stackalloc TWord[products];
        BitWriter writer = new(corrections);
        for (int element = _start; element < _start + _count; element++)
        {
            PowerPads<TWord>.FillBoth(hash, keys.Slice((element - _start) * bits, bits), delta, products, pads, offsetPads);
            for (int product = 0; product < products; product++)
            {
                TWord sum = TWord.Zero, term = TWord.Zero;
                for (int i = 0; i < bits; i++)
                {
                    term = pads[(stride * i) + product] << i;
                    sum += term;
                }

                results[product] = term + term - sum;
            }

            material.Powers.Add(exchange, element, results);
            for (int product = 0; product < products; product++)
            {
                TWord word = material.Powers[first + product][element];
                for (int i = 0; i < bits; i++)
                {
                    int pad = (stride * i) + product;
                    writer.Write((pads[pad] - offsetPads[pad] + word) & Words.Mask<TWord>(ring - i), ring - i);
                }
            }
        }

        writer.Flush();
        pads.Clear();
        offsetPads.Clear();
    }

    private void ExchangeWraps(ReadOnlySpan<Block> signKeys, Block delta, ReadOnlySpan<Block> chosen)
    {
        byte[] corrections = _protocol.InputShift.Wraps ? SignCorrections(signKeys, delta) : [], choices = new byte[ChosenChoice.ReceiverBytes(chosen.Length)];
        ulong[] bits =
        [
            .. _protocol.InputShift.Wraps ? material.InputChoices.AsSpan(_start, _count) : [],
            .. _protocol.OutputShift.Wraps ? material.OutputChoices.AsSpan(_start, _count) : [],
        ];
        byte[] packed = PackedBits.Pack(bits, 1);
        ChosenChoice.Request(chosen, packed, choices);
        channel.BeginSend(MessageKind.Step, _protocol.SignCorrections(_count));
        channel.Send(corrections);
        channel.Send(choices);
        channel.EndSend();
        Array.Clear(bits);
        Array.Clear(packed);
        channel.BeginReceive(MessageKind.Step, _protocol.ChoiceCorrections(_count));
        if (_protocol.InputShift.Wraps)
        {
            MultiplyChoices(chosen[.._count]);
            chosen = chosen[_count..];
        }

        if (_protocol.OutputShift.Wraps)
            MultiplyOutputChoices(chosen);
        channel.EndReceive();
    }

    // Offers its shares of u^j to γ, and keeps minus the pads.
    private byte[] SignCorrections(ReadOnlySpan<Block> keys, Block delta)
    {
        int words = _protocol.Degree - 1, bits = _protocol.InputShift.WrapBits, stride = PowerPads<TWord>.Stride(words);
        TWord mask = Words.Mask<TWord>(bits);
        TWord[] pads = new TWord[_count * stride], offsetPads = new TWord[_count * stride];
        PowerPads<TWord>.FillBoth(Hash<TWord>(_count, words), keys, delta, words, pads, offsetPads);
        byte[] corrections = new byte[_protocol.SignBytes(_count)];
        BitWriter writer = new(corrections);
        for (int i = 0; i < _count; i++)
        {
            for (int j = 1; j <= words; j++)
            {
                TWord pad = pads[(i * stride) + j - 1];
                writer.Write((pad - offsetPads[(i * stride) + j - 1] + material.Powers[j][_start + i]) & mask, bits);
                material.Wraps.Signed[j][_start + i] = (TWord.Zero - pad) & mask;
            }
        }

        writer.Flush();
        Array.Clear(pads);
        Array.Clear(offsetPads);
        return corrections;
    }

    // τ·(γ·u^j) = τ·(own share) + pad + τ·correction.
    private void MultiplyChoices(ReadOnlySpan<Block> keys)
    {
        int words = _protocol.Degree, bits = _protocol.InputShift.WrapBits, stride = PowerPads<TWord>.Stride(words);
        TWord mask = Words.Mask<TWord>(bits);
        TWord[] pads = new TWord[_count * stride];
        PowerPads<TWord>.Fill(Hash<TWord>(_count, words), keys, words, pads);
        byte[] corrections = new byte[_protocol.SignedBytes(_count)];
        channel.Receive(corrections);
        BitReader reader = new(corrections);
        for (int i = 0; i < _count; i++)
        {
            TWord choice = TWord.Zero - TWord.CreateTruncating(material.InputChoices[_start + i]);
            for (int j = 0; j < words; j++)
            {
                TWord product = (choice & (material.Wraps.Signed[j][_start + i] + reader.Read<TWord>(bits))) + pads[(i * stride) + j];
                material.Wraps.Chosen[j][_start + i] = product & mask;
            }
        }

        Array.Clear(pads);
    }

    // τ'·ρ = pad + τ'·correction.
    private void MultiplyOutputChoices(ReadOnlySpan<Block> keys)
    {
        int stride = PowerPads<ulong>.Stride(1);
        ulong[] pads = new ulong[_count * stride], corrections = new ulong[_count];
        PowerPads<ulong>.Fill(Hash<ulong>(_count, 1), keys, 1, pads);
        ShareMessages.Receive<ulong>(channel, corrections, _protocol.OutputShift.WrapBits);
        for (int i = 0; i < _count; i++)
        {
            ulong product = pads[i * stride] + (material.OutputChoices[_start + i] * corrections[i]);
            material.OutputProducts[_start + i] = product & Words.Mask<ulong>(_protocol.OutputShift.WrapBits);
        }

        Array.Clear(pads);
    }

    private TweakableHash Hash<TPad>(int keys, int words)
        where TPad : unmanaged, IBinaryInteger<TPad>, IUnsignedNumber<TPad>
        => new(session.StartPoint, session.Reserve((ulong)PowerPads<TPad>.Rounds(keys, words)));
}
