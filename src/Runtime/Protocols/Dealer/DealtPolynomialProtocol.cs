using System.Numerics;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Protocols.TwoParty.Polynomials;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.Dealer;

/// <summary>
/// The offline phase of a polynomial step with a dealer, in the place of the oblivious transfers of
/// <see cref="PolynomialTransferClient{TWord}"/>; names are those of <see cref="PolynomialProtocol"/>. The client expands from its seed its
/// shares of u², u³, …, of γ·u^j and τγ·u^j, of ρτ', and ρ; the server from its own t, τ and τ'. The dealer knows c as
/// well (<see cref="DealtShares"/>), hence u and γ, and gives the server what its shares lack. The client receives
/// nothing.
/// <para>What is seen. The server: what it gets is uniform, as the client's shares are used once. The dealer: only requests.</para>
/// </summary>
internal sealed class DealtPolynomialProtocol
{
    private const int WordsPerBlock = 2;

    private readonly PolynomialProtocol _protocol;

    public DealtPolynomialProtocol(int step, PolynomialProtocol protocol)
    {
        Step = step;
        _protocol = protocol;
        long bytes = ((protocol.Degree - 1L) * Bytes(protocol.PowerBits)) + (WrapTerms * Bytes(protocol.InputShift.WrapBits)) + Bytes(protocol.OutputShift.WrapBits);
        Correction = PlannedMessage.Create(step, Phase.Offline, Party.Helper, bytes);
    }

    public int Step { get; }

    /// <summary>From the dealer to the server: its shares, power by power, then those of wraps.</summary>
    public PlannedMessage Correction { get; }

    /// <summary>The dealer: expands what both parties expand, and multiplies.</summary>
    public WorkCost DealingWork => ExpansionWork + MaskWork + WorkCost.Of(Primitive.MultiplyAccumulate, SharedWords * _protocol.Count);

    /// <summary>The client: expands its shares and choices.</summary>
    public WorkCost ExpansionWork => WorkCost.Stream((SharedWords + (_protocol.OutputShift.Wraps ? 1 : 0)) * _protocol.Count / WordsPerBlock);

    /// <summary>The server: expands its mask and choices, and takes its shares.</summary>
    public WorkCost TakingWork => MaskWork + WorkCost.Of(Primitive.HandledElement, SharedWords * _protocol.Count);

    private WorkCost MaskWork => WorkCost.Stream((_protocol.WordsPerPower + _protocol.ChoicesPerElement) * (long)_protocol.Count / WordsPerBlock);

    private long SharedWords => ((_protocol.Degree - 1 + WrapTerms) * _protocol.WordsPerPower) + (_protocol.OutputShift.Wraps ? 1 : 0);

    // γ itself is the client's.
    private long WrapTerms => _protocol.InputShift.Wraps ? (2L * _protocol.Degree) - 1 : 0;

    /// <summary>The client's material, of its shares.</summary>
    public IPolynomialClient CreateClient(DealerStreams client, ulong serial, ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> outputShare)
    {
        IPolynomialClient material = _protocol.CreateClient(inputShare, outputShare);
        if (material is PolynomialClient<UInt128> wide)
            Fill(wide, client, serial);
        else
            Fill((PolynomialClient<ulong>)material, client, serial);
        return material;
    }

    /// <summary>The server's material, as the dealer sends it.</summary>
    public void Receive(IPolynomialServer material, MessageChannel dealer, DealerStreams server, ulong serial)
    {
        if (material is PolynomialServer<UInt128> wide)
            Fill(wide, dealer, server, serial);
        else
            Fill((PolynomialServer<ulong>)material, dealer, server, serial);
    }

    private void Fill<TWord>(PolynomialClient<TWord> material, DealerStreams client, ulong serial)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        Expand(client, serial, material.Powers, material.Wraps);
        OutputProducts(client, serial).CopyTo(material.OutputProducts, 0);
        OutputChoices(client, serial).CopyTo(material.OutputChoices, 0);
    }

    /// <summary>The dealer: sends what the server's shares lack.</summary>
    public void Deal(MessageChannel channel, DealerStreams client, DealerStreams server, ulong serial, ReadOnlySpan<ulong> inputShare)
    {
        channel.BeginSend(MessageKind.Step, Correction);
        if (_protocol.IsWide)
            DealPowers<UInt128>(channel, client, server, serial, inputShare);
        else
            DealPowers<ulong>(channel, client, server, serial, inputShare);
        if (_protocol.OutputShift.Wraps)
        {
            int bits = _protocol.OutputShift.WrapBits;
            ulong[] products = [.. OutputChoices(client, serial).Zip(OutputChoices(server, serial), (own, theirs) => own & theirs)];
            Words.Subtract<ulong>(products, OutputProducts(client, serial), products, bits);
            ShareMessages.Send<ulong>(channel, products, bits);
        }

        channel.EndSend();
    }

    private void Fill<TWord>(PolynomialServer<TWord> material, MessageChannel dealer, DealerStreams server, ulong serial)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        Mask<TWord>(server, serial).CopyTo(material.Powers[1], 0);
        InputChoices(server, serial).CopyTo(material.InputChoices, 0);
        OutputChoices(server, serial).CopyTo(material.OutputChoices, 0);
        dealer.BeginReceive(MessageKind.Step, Correction);
        foreach ((TWord[] share, int bits) in Shared(material.Powers, material.Wraps))
            ShareMessages.Receive<TWord>(dealer, share, bits);
        if (_protocol.OutputShift.Wraps)
            ShareMessages.Receive<ulong>(dealer, material.OutputProducts, _protocol.OutputShift.WrapBits);
        dealer.EndReceive();
    }

    private void DealPowers<TWord>(MessageChannel channel, DealerStreams client, DealerStreams server, ulong serial, ReadOnlySpan<ulong> inputShare)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        using PowerShares<TWord> powers = new(_protocol), clientPowers = new(_protocol);
        using WrapShares<TWord> wraps = new(_protocol), clientWraps = new(_protocol);
        Multiply(Mask<TWord>(server, serial), InputChoices(server, serial), inputShare, powers, wraps);
        Expand(client, serial, clientPowers, clientWraps);
        foreach (((TWord[] product, int bits), (TWord[] share, _)) in Shared(powers, wraps).Zip(Shared(clientPowers, clientWraps)))
        {
            Words.Subtract<TWord>(product, share, product, bits);
            ShareMessages.Send<TWord>(channel, product, bits);
        }
    }

    /// <summary>What neither party knows alone, in the order of the message: u², …, then γ·u, …, then τγ, τγ·u, ….</summary>
    private IEnumerable<(TWord[] Share, int Bits)> Shared<TWord>(PowerShares<TWord> powers, WrapShares<TWord> wraps)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        for (int k = 2; k <= _protocol.Degree; k++)
            yield return (powers[k], _protocol.PowerBits);
        foreach (TWord[] share in wraps.Signed.Skip(1).Concat(wraps.Chosen))
            yield return (share, _protocol.InputShift.WrapBits);
    }

    private void Expand<TWord>(DealerStreams client, ulong serial, PowerShares<TWord> powers, WrapShares<TWord> wraps)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        foreach ((int i, (TWord[] share, int bits)) in Shared(powers, wraps).Index())
            client.Draw<TWord>(serial, Step, $"shared/{i}", share.Length, bits).CopyTo(share, 0);
    }

    // u = C + t, γ the sign of c, τ the server's choice.
    private void Multiply<TWord>(ReadOnlySpan<TWord> mask, ReadOnlySpan<ulong> choices, ReadOnlySpan<ulong> inputShare, PowerShares<TWord> powers, WrapShares<TWord> wraps)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        SharedShift shift = _protocol.InputShift;
        for (int i = 0; i < inputShare.Length; i++)
        {
            TWord random = shift.Floor<ulong, TWord>(inputShare[i]) + mask[i], power = random;
            for (int k = 2; k <= _protocol.Degree; k++)
                powers[k][i] = power *= random;
            if (!shift.Wraps)
                continue;
            TWord signed = TWord.CreateTruncating(shift.FloorSign(inputShare[i])), choice = TWord.CreateTruncating(choices[i]);
            for (int j = 0; j < _protocol.Degree; j++)
            {
                wraps.Signed[j][i] = signed;
                wraps.Chosen[j][i] = choice * signed;
                signed *= random;
            }
        }
    }

    private TWord[] Mask<TWord>(DealerStreams server, ulong serial)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
        => server.Draw<TWord>(serial, Step, "mask", _protocol.Count, _protocol.PowerBits);

    private ulong[] InputChoices(DealerStreams server, ulong serial)
        => _protocol.InputShift.Wraps ? server.Draw<ulong>(serial, Step, "input-choices", _protocol.Count, 1) : [];

    /// <summary>ρ of the client's stream, τ' of the server's.</summary>
    private ulong[] OutputChoices(DealerStreams party, ulong serial)
        => _protocol.OutputShift.Wraps ? party.Draw<ulong>(serial, Step, "output-choices", _protocol.Count, 1) : [];

    // The client's shares of ρτ'.
    private ulong[] OutputProducts(DealerStreams client, ulong serial)
        => _protocol.OutputShift.Wraps ? client.Draw<ulong>(serial, Step, "output-products", _protocol.Count, _protocol.OutputShift.WrapBits) : [];

    private int Bytes(int bits) => PackedBits.ByteCount((long)_protocol.Count * bits);
}
