using System.Numerics;
using PrivateInference.Runtime.Garbling;
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
    private readonly int _count = batch.Count;

    /// <param name="random">Draws t, τ and τ'.</param>
    /// <param name="transfers">The batch's transfers; changed.</param>
    /// <param name="beforeAnswer">Called before the first message to the client.</param>
    public void Run(AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer)
    {
        Span<Block> keys = transfers.ClientChooses;
        Block delta = transfers.Delta;
        random.FillRing(batch.Slice(material.Powers[1]).Span, _protocol.PowerBits);
        Span<Block> signKeys = keys[..(_protocol.InputShift.Wraps ? _count : 0)];
        if (_protocol.InputShift.Wraps)
            ReceiveChoices(_protocol.Signs(_count), signKeys, delta);
        keys = keys[signKeys.Length..];
        for (int exchange = 1; exchange <= _protocol.Exchanges; exchange++)
        {
            int choices = _protocol.ProductsOf(exchange).Transfers(_count);
            Exchange(exchange, keys[..choices], delta, exchange == 1 ? beforeAnswer : null);
            keys = keys[choices..];
        }

        if (_protocol.Exchanges == 0)
            beforeAnswer();
        if (!_protocol.NeedsChoices)
            return;
        if (_protocol.InputShift.Wraps)
            random.FillRing(batch.Slice(material.InputChoices).Span, 1);
        if (_protocol.OutputShift.Wraps)
            random.FillRing(batch.Slice(material.OutputChoices).Span, 1);
        ExchangeWraps(signKeys, delta, transfers.ServerChooses);
    }

    private void ReceiveChoices(Costs.PlannedMessage message, Span<Block> keys, Block delta)
    {
        channel.BeginReceive(MessageKind.Step, message);
        TransferChoices.Receive(channel, keys, delta);
        channel.EndReceive();
    }

    // A word that the exchange completes is offered in the same exchange.
    private void Exchange(int exchange, Span<Block> keys, Block delta, Action? beforeAnswer)
    {
        ReceiveChoices(_protocol.Transfers(exchange, _count), keys, delta);
        beforeAnswer?.Invoke();
        GilboaProducts products = _protocol.ProductsOf(exchange);
        byte[] corrections = new byte[products.CorrectionBytes(_count)];
        int first = PowerSchedule.Offered(exchange, _protocol.Degree).First;
        using GilboaOffers<TWord> offers = new(products, products.Hash(session, _count), keys, delta, corrections);
        Span<TWord> shares = stackalloc TWord[products.Factors];
        for (int element = batch.Start; element < batch.End; element++)
        {
            offers.Multiply(shares);
            material.Powers.Add(exchange, element, shares);
            for (int factor = 0; factor < products.Factors; factor++)
                offers.Offer(factor, material.Powers[first + factor][element]);
        }

        offers.Flush();
        channel.BeginSend(MessageKind.Step, _protocol.Corrections(exchange, _count));
        channel.Send(corrections);
        channel.EndSend();
    }

    private void ExchangeWraps(ReadOnlySpan<Block> signKeys, Block delta, ReadOnlySpan<Block> chosen)
    {
        channel.BeginSend(MessageKind.Step, _protocol.SignCorrections(_count));
        if (_protocol.InputShift.Wraps)
            _protocol.SignProducts.Offer(channel, session, signKeys, delta, batch.Slice(material.Powers.Lower), batch.Slice(material.Wraps.Signed.Skip(1)));
        SendChoices(chosen);
        channel.EndSend();
        channel.BeginReceive(MessageKind.Step, _protocol.ChoiceCorrections(_count));
        if (_protocol.InputShift.Wraps)
        {
            MultiplyChoices(chosen[.._count]);
            chosen = chosen[_count..];
        }

        if (_protocol.OutputShift.Wraps)
            _protocol.OutputProducts.Choose<ulong>(channel, session, chosen, batch.Slice(material.OutputChoices).Span, own: [], [batch.Slice(material.OutputProducts)]);
        channel.EndReceive();
    }

    private void SendChoices(ReadOnlySpan<Block> keys)
    {
        ulong[] bits =
        [
            .. _protocol.InputShift.Wraps ? batch.Slice(material.InputChoices).Span : [],
            .. _protocol.OutputShift.Wraps ? batch.Slice(material.OutputChoices).Span : [],
        ];
        TransferChoices.Send<ulong>(channel, keys, bits, 1);
        Array.Clear(bits);
    }

    // τ·(γ·u^j).
    private void MultiplyChoices(ReadOnlySpan<Block> keys)
    {
        TWord[] bits = new TWord[_count];
        for (int i = 0; i < bits.Length; i++)
            bits[i] = TWord.CreateTruncating(material.InputChoices[batch.Start + i]);
        _protocol.ChoiceProducts.Choose<TWord>(channel, session, keys, bits, batch.Slice(material.Wraps.Signed), batch.Slice(material.Wraps.Chosen));
        Array.Clear(bits);
    }
}
