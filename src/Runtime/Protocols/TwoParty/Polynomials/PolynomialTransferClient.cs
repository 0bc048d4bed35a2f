using System.Numerics;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// Fills a <see cref="PolynomialClient{TWord}"/> by oblivious transfer with the server, offline, a batch at a time
/// (<see cref="PolynomialPreparation"/>). Products of words of different parties are <see cref="GilboaProducts"/> and
/// <see cref="BitProducts"/>.
/// </summary>
internal sealed class PolynomialTransferClient<TWord>(
    PolynomialProtocol protocol, PolynomialBatch batch, PolynomialClient<TWord> material, MessageChannel channel, GarblingSession session)
    where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
{
    private readonly PolynomialProtocol _protocol = protocol;
    private readonly int _count = batch.Count;

    /// <param name="random">Draws ρ.</param>
    /// <param name="transfers">The batch's transfers; changed.</param>
    /// <param name="beforeAnswer">Called before the first message from the server.</param>
    public void Run(AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer)
    {
        Span<Block> keys = transfers.ClientChooses;
        if (_protocol.OutputShift.Wraps)
            random.FillRing(batch.Slice(material.OutputChoices).Span, 1);
        Span<Block> signKeys = keys[..(_protocol.InputShift.Wraps ? _count : 0)];
        if (_protocol.InputShift.Wraps)
            SendChoices(_protocol.Signs(_count), signKeys, material.Wraps.Signed[0], 1);
        keys = keys[signKeys.Length..];
        for (int exchange = 1; exchange <= _protocol.Exchanges; exchange++)
        {
            int choices = _protocol.ProductsOf(exchange).Transfers(_count);
            Exchange(exchange, keys[..choices], exchange == 1 ? beforeAnswer : null);
            keys = keys[choices..];
        }

        if (_protocol.Exchanges == 0)
            beforeAnswer();
        if (_protocol.NeedsChoices)
            ExchangeWraps(signKeys, transfers.ServerChooses, transfers.Delta);
    }

    private void SendChoices(Costs.PlannedMessage message, ReadOnlySpan<Block> keys, TWord[] words, int bits)
    {
        channel.BeginSend(MessageKind.Step, message);
        TransferChoices.Send<TWord>(channel, keys, batch.Slice(words).Span, bits);
        channel.EndSend();
    }

    private void Exchange(int exchange, ReadOnlySpan<Block> keys, Action? beforeAnswer)
    {
        GilboaProducts products = _protocol.ProductsOf(exchange);
        SendChoices(_protocol.Transfers(exchange, _count), keys, material.Powers[exchange], products.ChoiceBits);
        beforeAnswer?.Invoke();
        byte[] corrections = new byte[products.CorrectionBytes(_count)];
        channel.BeginReceive(MessageKind.Step, _protocol.Corrections(exchange, _count));
        channel.Receive(corrections);
        channel.EndReceive();
        using GilboaChoices<TWord> choices = new(products, products.Hash(session, _count), keys, corrections);
        Span<TWord> shares = stackalloc TWord[products.Factors];
        for (int element = batch.Start; element < batch.End; element++)
        {
            choices.Multiply(material.Powers[exchange][element], shares);
            material.Powers.Add(exchange, element, shares);
        }
    }

    private void ExchangeWraps(ReadOnlySpan<Block> signKeys, Span<Block> offered, Block delta)
    {
        channel.BeginReceive(MessageKind.Step, _protocol.SignCorrections(_count));
        if (_protocol.InputShift.Wraps)
            MultiplySigns(signKeys);
        TransferChoices.Receive(channel, offered, delta);
        channel.EndReceive();
        channel.BeginSend(MessageKind.Step, _protocol.ChoiceCorrections(_count));
        if (_protocol.InputShift.Wraps)
        {
            _protocol.ChoiceProducts.Offer(channel, session, offered[.._count], delta, batch.Slice(material.Wraps.Signed), batch.Slice(material.Wraps.Chosen));
            offered = offered[_count..];
        }

        if (_protocol.OutputShift.Wraps)
            _protocol.OutputProducts.Offer(channel, session, offered, delta, [batch.Slice(material.OutputChoices)], [batch.Slice(material.OutputProducts)]);
        channel.EndSend();
    }

    // γ·u^j.
    private void MultiplySigns(ReadOnlySpan<Block> keys) => _protocol.SignProducts.Choose<TWord>(
        channel, session, keys, batch.Slice(material.Wraps.Signed[0]).Span, batch.Slice(material.Powers.Lower), batch.Slice(material.Wraps.Signed.Skip(1)));
}
