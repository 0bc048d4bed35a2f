using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Protocols.TwoParty.Polynomials;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.Dealer;

/// <summary>The server's part of a session with a dealer: the connection to it, and the seed.</summary>
internal sealed class ServerDeal : IDisposable
{
    private readonly DealtProgram _program;
    private readonly MessageChannel _dealer;
    private readonly DealerStreams _streams;
    private readonly bool _audit;
    private ulong _nextSerial;

    private ServerDeal(DealtProgram program, MessageChannel dealer, DealerStreams streams, bool audit)
    {
        _program = program;
        _dealer = dealer;
        _streams = streams;
        _audit = audit;
        Audit(program.Costs.DealerSetup);
    }

    public DealtProgram Program => _program;

    /// <summary>Joins the session that a client has opened at the dealer.</summary>
    /// <exception cref="PeerProtocolException">The dealer knows no such session.</exception>
    public static ServerDeal Join(DealtProgram program, MessageChannel dealer, DealerTicket ticket, bool audit)
        => new(program, dealer, DealerHandshake.Introduce(dealer, Party.Server, program.Program.Hash.AsSpan(), ticket), audit);

    /// <summary>Once: opens D = W − A of each linear step to the client.</summary>
    public void SendDifferences(MessageChannel client, ServerModel model)
    {
        Ring ring = model.Program.Ring;
        client.BeginSend(MessageKind.Setup, _program.Differences);
        foreach (DealtLinearProtocol linear in _program.Linear)
        {
            ulong[] difference = _streams.WeightMask(linear.Step, linear.Weights, ring.Bits);
            ring.Subtract(model.Weights[((ConvolutionStep)_program.Plan.Steps[linear.Step]).Weight], difference, difference);
            ShareMessages.Send(client, difference, ring.Bits);
        }

        client.EndSend();
    }

    /// <summary>The material of an inference's linear steps and polynomials.</summary>
    public void Prepare(MessageChannel client, ServerMaterial material)
    {
        ulong serial = _nextSerial++;
        _dealer.BeginSend(MessageKind.Prepare, DealtProgram.Request);
        _dealer.EndSend();
        foreach (DealtLinearProtocol linear in _program.Linear)
        {
            ulong[] correction = new ulong[linear.Outputs];
            ShareExchange.Receive(_dealer, linear.Correction, correction, _program.Plan.RingBits);
            material.OutputMasks[linear.Step] = correction;
        }

        foreach (DealtPolynomialProtocol polynomial in _program.Polynomials)
        {
            IPolynomialServer server = _program.Program.DealtPolynomial(polynomial.Step).CreateServer();
            material.Polynomials[polynomial.Step] = server;
            polynomial.Receive(server, _dealer, _streams, serial);
        }

        Audit(_program.Costs.Dealt);
        foreach (DealtLinearProtocol linear in _program.Linear)
            linear.ReceiveAnswer(client, material.OutputMasks[linear.Step]);
    }

    /// <summary>Says goodbye if the connection still allows it.</summary>
    public void Dispose()
    {
        _dealer.TrySendGoodbye();
        _dealer.Dispose();
    }

    private void Audit(ImmutableArray<PlannedMessage> predicted)
    {
        IReadOnlyList<PlannedMessage> metered = _dealer.Meter.Take();
        if (_audit)
            MessageAudit.Require(_program.Plan, predicted, metered);
    }
}
