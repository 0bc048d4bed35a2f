using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Protocols.TwoParty.Polynomials;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.Dealer;

/// <summary>The client's part of a session with a dealer: its seed, the opened weights, the count of inferences.</summary>
internal sealed class ClientDeal(DealtProgram program, DealerStreams streams)
{
    private readonly ulong[][] _differences = [.. program.Linear.Select(l => new ulong[l.Weights])];
    private ulong _nextSerial;

    public DealtProgram Program => program;

    /// <summary>Once: D of each linear step.</summary>
    public void ReceiveDifferences(MessageChannel channel)
    {
        channel.BeginReceive(MessageKind.Setup, program.Differences);
        foreach (ulong[] difference in _differences)
            ShareMessages.Receive(channel, difference, program.Plan.RingBits);
        channel.EndReceive();
    }

    /// <summary>The shares of the next inference; answers each linear step.</summary>
    public DealtShares Prepare(MessageChannel channel)
    {
        DealtShares shares = new(program, streams, _nextSerial++);
        for (int i = 0; i < _differences.Length; i++)
        {
            DealtLinearProtocol linear = program.Linear[i];
            ulong[] pad = shares.Pad(linear, program.Plan.RingBits);
            int input = program.Plan.Steps[linear.Step].Inputs[0], output = program.Plan.Steps[linear.Step].Output;
            linear.SendAnswer(channel, _differences[i], shares.Values[input], pad, shares.Values[output]);
        }

        return shares;
    }

    /// <summary>The client's material of a polynomial step.</summary>
    public IPolynomialClient Polynomial(DealtPolynomialProtocol polynomial, DealtShares shares)
    {
        PlanStep step = program.Plan.Steps[polynomial.Step];
        return polynomial.CreateClient(streams, shares.Serial, shares.Values[step.Inputs[0]], shares.Values[step.Output]);
    }
}
