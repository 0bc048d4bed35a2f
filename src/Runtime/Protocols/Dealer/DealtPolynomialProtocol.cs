using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.Dealer;

/// <summary>
/// The offline phase of a polynomial step with a dealer, in the place of the oblivious transfers of
/// <see cref="PolynomialTransferClient"/>; names are those of <see cref="PolynomialProtocol"/>. The client expands from its seed its
/// shares of u², u³, …, of γ·u^j and τγ·u^j, and the pads R_0, R_1; the server from its own t, τ and τ'. The dealer knows c as
/// well (<see cref="DealtShares"/>), hence u and γ, and gives the server what its shares lack, and R_τ'. The client receives
/// nothing.
/// <para>What is seen. The server: what it gets is uniform, as the client's shares and pads are used once. The dealer: only requests.</para>
/// </summary>
internal sealed class DealtPolynomialProtocol
{
    private const int WordsPerBlock = 2;

    private readonly PolynomialProtocol _protocol;

    public DealtPolynomialProtocol(int step, PolynomialProtocol protocol)
    {
        Step = step;
        _protocol = protocol;
        long bytes = Shared(new PowerShares(protocol), new WrapShares(protocol)).Sum(s => (long)Bytes(s.Bits)) + Bytes(protocol.OutputShift.WrapBits);
        Correction = PlannedMessage.Create(step, Phase.Offline, Party.Helper, bytes);
    }

    public int Step { get; }

    /// <summary>From the dealer to the server: its shares, power by power, then its pads.</summary>
    public PlannedMessage Correction { get; }

    /// <summary>The dealer: expands what both parties expand, and multiplies.</summary>
    public WorkCost DealingWork => ExpansionWork + MaskWork + WorkCost.Of(Primitive.MultiplyAccumulate, SharedWords * _protocol.Count);

    /// <summary>The client: expands its shares and pads.</summary>
    public WorkCost ExpansionWork => WorkCost.Stream((SharedWords + (_protocol.OutputShift.Wraps ? 2 : 0)) * _protocol.Count / WordsPerBlock);

    /// <summary>The server: expands its mask and choices, and takes its shares.</summary>
    public WorkCost TakingWork => MaskWork + WorkCost.Of(Primitive.HandledElement, SharedWords * _protocol.Count);

    private WorkCost MaskWork => WorkCost.Stream((1L + _protocol.ChoicesPerElement) * _protocol.Count / WordsPerBlock);

    private long SharedWords => _protocol.Degree - 1 + (_protocol.InputShift.Wraps ? (2L * _protocol.Degree) - 1 : 0);

    /// <summary>The client: fills its material.</summary>
    public void Fill(PolynomialClient material, DealerStreams client, ulong serial)
    {
        Expand(client, serial, material.Powers, material.Wraps);
        if (!_protocol.OutputShift.Wraps)
            return;
        for (int choice = 0; choice < material.OutputPads.Length; choice++)
            Pads(client, serial, choice).CopyTo(material.OutputPads[choice], 0);
    }

    /// <summary>The dealer: sends what the server's shares lack.</summary>
    public void Deal(MessageChannel channel, DealerStreams client, DealerStreams server, ulong serial, ReadOnlySpan<ulong> inputShare)
    {
        using PowerShares powers = new(_protocol), clientPowers = new(_protocol);
        using WrapShares wraps = new(_protocol), clientWraps = new(_protocol);
        Multiply(Mask(server, serial), InputChoices(server, serial), inputShare, powers, wraps);
        Expand(client, serial, clientPowers, clientWraps);
        channel.BeginSend(MessageKind.Step, Correction);
        foreach (((ulong[] product, int bits), (ulong[] share, _)) in Shared(powers, wraps).Zip(Shared(clientPowers, clientWraps)))
        {
            new Ring(bits).Subtract(product, share, product);
            ShareMessages.Send(channel, product, bits);
        }

        if (_protocol.OutputShift.Wraps)
            ShareMessages.Send(channel, ChosenPads(client, server, serial), _protocol.OutputShift.WrapBits);
        channel.EndSend();
    }

    /// <summary>The server: fills its material.</summary>
    public void Fill(PolynomialServer material, MessageChannel dealer, DealerStreams server, ulong serial)
    {
        Mask(server, serial).CopyTo(material.Powers[1], 0);
        InputChoices(server, serial).CopyTo(material.InputChoices, 0);
        OutputChoices(server, serial).CopyTo(material.OutputChoices, 0);
        dealer.BeginReceive(MessageKind.Step, Correction);
        foreach ((ulong[] share, int bits) in Shared(material.Powers, material.Wraps))
            ShareMessages.Receive(dealer, share, bits);
        if (_protocol.OutputShift.Wraps)
            ShareMessages.Receive(dealer, material.OutputPads, _protocol.OutputShift.WrapBits);
        dealer.EndReceive();
    }

    /// <summary>What neither party knows alone, in the order of the message: u², …, then γ·u, …, then τγ, τγ·u, ….</summary>
    private IEnumerable<(ulong[] Share, int Bits)> Shared(PowerShares powers, WrapShares wraps)
    {
        for (int k = 2; k <= _protocol.Degree; k++)
            yield return (powers[k], _protocol.PowerRing.Bits);
        foreach (ulong[] share in wraps.Signed.Skip(1).Concat(wraps.Chosen))
            yield return (share, _protocol.InputShift.WrapBits);
    }

    private void Expand(DealerStreams client, ulong serial, PowerShares powers, WrapShares wraps)
    {
        foreach ((int i, (ulong[] share, int bits)) in Shared(powers, wraps).Index())
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

    private ulong[] ChosenPads(DealerStreams client, DealerStreams server, ulong serial)
    {
        ulong[] pads = Pads(client, serial, 0), others = Pads(client, serial, 1), choices = OutputChoices(server, serial);
        for (int i = 0; i < pads.Length; i++)
            pads[i] ^= (pads[i] ^ others[i]) & (0 - choices[i]);
        return pads;
    }

    private ulong[] Pads(DealerStreams client, ulong serial, int choice)
        => client.Draw(serial, Step, $"pad/{choice}", _protocol.Count, _protocol.OutputShift.WrapBits);

    private ulong[] Mask(DealerStreams server, ulong serial) => server.Draw(serial, Step, "mask", _protocol.Count, _protocol.PowerRing.Bits);

    private ulong[] InputChoices(DealerStreams server, ulong serial)
        => _protocol.InputShift.Wraps ? server.Draw(serial, Step, "input-choices", _protocol.Count, 1) : [];

    private ulong[] OutputChoices(DealerStreams server, ulong serial)
        => _protocol.OutputShift.Wraps ? server.Draw(serial, Step, "output-choices", _protocol.Count, 1) : [];

    private int Bytes(int bits) => PackedBits.ByteCount((long)_protocol.Count * bits);
}
