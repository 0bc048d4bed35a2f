using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.Dealer;

/// <summary>
/// The offline phase of a polynomial step with a dealer, in the place of the oblivious transfers of
/// <see cref="PolynomialTransferClient"/>; names are those of <see cref="PolynomialProtocol"/>. The client expands from its seed its
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
        long bytes = Shared(new PowerShares(protocol), new WrapShares(protocol), []).Sum(s => (long)Bytes(s.Bits));
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

    private WorkCost MaskWork => WorkCost.Stream((1L + _protocol.ChoicesPerElement) * _protocol.Count / WordsPerBlock);

    private long SharedWords => _protocol.Degree - 1 + (_protocol.InputShift.Wraps ? (2L * _protocol.Degree) - 1 : 0) + (_protocol.OutputShift.Wraps ? 1 : 0);

    /// <summary>The client: fills its material.</summary>
    public void Fill(PolynomialClient material, DealerStreams client, ulong serial)
    {
        Expand(client, serial, material.Powers, material.Wraps, material.OutputProducts);
        OutputChoices(client, serial).CopyTo(material.OutputChoices, 0);
    }

    /// <summary>The dealer: sends what the server's shares lack.</summary>
    public void Deal(MessageChannel channel, DealerStreams client, DealerStreams server, ulong serial, ReadOnlySpan<ulong> inputShare)
    {
        using PowerShares powers = new(_protocol), clientPowers = new(_protocol);
        using WrapShares wraps = new(_protocol), clientWraps = new(_protocol);
        Multiply(Mask(server, serial), InputChoices(server, serial), inputShare, powers, wraps);
        ulong[] outputs = [.. OutputChoices(client, serial).Zip(OutputChoices(server, serial), (own, theirs) => own & theirs)], clientOutputs = new ulong[outputs.Length];
        Expand(client, serial, clientPowers, clientWraps, clientOutputs);
        channel.BeginSend(MessageKind.Step, Correction);
        foreach (((ulong[] product, int bits), (ulong[] share, _)) in Shared(powers, wraps, outputs).Zip(Shared(clientPowers, clientWraps, clientOutputs)))
        {
            new Ring(bits).Subtract(product, share, product);
            ShareMessages.Send(channel, product, bits);
        }

        channel.EndSend();
    }

    /// <summary>The server: fills its material.</summary>
    public void Fill(PolynomialServer material, MessageChannel dealer, DealerStreams server, ulong serial)
    {
        Mask(server, serial).CopyTo(material.Powers[1], 0);
        InputChoices(server, serial).CopyTo(material.InputChoices, 0);
        OutputChoices(server, serial).CopyTo(material.OutputChoices, 0);
        dealer.BeginReceive(MessageKind.Step, Correction);
        foreach ((ulong[] share, int bits) in Shared(material.Powers, material.Wraps, material.OutputProducts))
            ShareMessages.Receive(dealer, share, bits);
        dealer.EndReceive();
    }

    /// <summary>What neither party knows alone, in the order of the message: u², …, then γ·u, …, then τγ, τγ·u, …, then ρτ'.</summary>
    private IEnumerable<(ulong[] Share, int Bits)> Shared(PowerShares powers, WrapShares wraps, ulong[] outputs)
    {
        for (int k = 2; k <= _protocol.Degree; k++)
            yield return (powers[k], _protocol.PowerRing.Bits);
        foreach (ulong[] share in wraps.Signed.Skip(1).Concat(wraps.Chosen))
            yield return (share, _protocol.InputShift.WrapBits);
        if (_protocol.OutputShift.Wraps)
            yield return (outputs, _protocol.OutputShift.WrapBits);
    }

    private void Expand(DealerStreams client, ulong serial, PowerShares powers, WrapShares wraps, ulong[] outputs)
    {
        foreach ((int i, (ulong[] share, int bits)) in Shared(powers, wraps, outputs).Index())
            client.Draw(serial, Step, $"shared/{i}", share.Length, bits).CopyTo(share, 0);
    }

    // u = C + t, γ the sign of c, τ the server's choice.
    private void Multiply(ReadOnlySpan<ulong> mask, ReadOnlySpan<ulong> choices, ReadOnlySpan<ulong> inputShare, PowerShares powers, WrapShares wraps)
    {
        SharedShift shift = _protocol.InputShift;
        for (int i = 0; i < inputShare.Length; i++)
        {
            ulong random = shift.Floor(inputShare[i]) + mask[i], power = random;
            for (int k = 2; k <= _protocol.Degree; k++)
                powers[k][i] = power *= random;
            if (!shift.Wraps)
                continue;
            ulong signed = shift.FloorSign(inputShare[i]);
            for (int j = 0; j < _protocol.Degree; j++)
            {
                wraps.Signed[j][i] = signed;
                wraps.Chosen[j][i] = choices[i] * signed;
                signed *= random;
            }
        }
    }

    private ulong[] Mask(DealerStreams server, ulong serial) => server.Draw(serial, Step, "mask", _protocol.Count, _protocol.PowerRing.Bits);

    private ulong[] InputChoices(DealerStreams server, ulong serial)
        => _protocol.InputShift.Wraps ? server.Draw(serial, Step, "input-choices", _protocol.Count, 1) : [];

    /// <summary>ρ of the client's stream, τ' of the server's.</summary>
    private ulong[] OutputChoices(DealerStreams party, ulong serial)
        => _protocol.OutputShift.Wraps ? party.Draw(serial, Step, "output-choices", _protocol.Count, 1) : [];

    private int Bytes(int bits) => PackedBits.ByteCount((long)_protocol.Count * bits);
}
