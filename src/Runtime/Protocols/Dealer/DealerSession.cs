using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.Dealer;

/// <summary>
/// The dealer's part of a session: the seeds of both parties, and from them the corrections of one inference after another.
/// Each inference is dealt once.
/// </summary>
internal sealed class DealerSession
{
    private readonly DealtProgram _program;
    private readonly DealerStreams _client;
    private readonly DealerStreams _server;
    private ulong[][]? _weightMasks;

    public DealerSession(DealtProgram program)
    {
        _program = program;
        _client = new DealerStreams(ClientSeed);
        _server = new DealerStreams(ServerSeed);
    }

    /// <summary>The client's.</summary>
    public Block ClientSeed { get; } = SecureRandom.NextBlock();

    /// <summary>The server's.</summary>
    public Block ServerSeed { get; } = SecureRandom.NextBlock();

    /// <summary>Inferences dealt so far.</summary>
    public ulong Dealt { get; private set; }

    /// <summary>Sends the server the corrections of the next inference.</summary>
    public void Deal(MessageChannel server)
    {
        int ringBits = _program.Plan.RingBits;
        _weightMasks ??= [.. _program.Linear.Select(l => _server.WeightMask(l.Step, l.Weights, ringBits))];
        DealtShares shares = new(_program, _client, Dealt);
        for (int i = 0; i < _weightMasks.Length; i++)
        {
            DealtLinearProtocol linear = _program.Linear[i];
            ulong[] correction = linear.Correct(_weightMasks[i], InputShare(shares, linear.Step), shares.Pad(linear, ringBits));
            ShareExchange.Send(server, linear.Correction, correction, ringBits);
        }

        foreach (DealtPolynomialProtocol polynomial in _program.Polynomials)
            polynomial.Deal(server, _client, _server, Dealt, InputShare(shares, polynomial.Step));
        Dealt++;
    }

    private ulong[] InputShare(DealtShares shares, int step) => shares.Values[_program.Plan.Steps[step].Inputs[0]]!;
}
