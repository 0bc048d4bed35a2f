using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Protocols.TwoParty.Comparison;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Costs.Calibration;

/// <summary>Silent oblivious transfer at the party that offers, and what becomes of it; the other party takes as long.</summary>
internal sealed class TransferProbes : IDisposable
{
    private static readonly LpnParameters s_parameters = LpnParameters.Depth12;

    private readonly ReplayChannel _channel = new();
    private readonly SilentOtSender _sender;
    private readonly Block[] _correlations = new Block[s_parameters.Capacity / 4 / BitPlanes.Lanes * BitPlanes.Lanes];
    private readonly GarblingSession _session = GarblingSession.Create();

    public TransferProbes()
    {
        Block[] keys = new Block[CorrelatedOt.BaseCount];
        SecureRandom.CreateGenerator().Fill(keys);
        CorrelatedOtSender transfers = new(CorrelatedOtSender.CreateDelta(), keys);
        transfers.ReceiveSetup(_channel);
        _sender = new SilentOtSender(s_parameters, transfers.Delta);
        _sender.ReceiveSetup(_channel, transfers);
        _sender.SendSetup(_channel);
    }

    public IEnumerable<Probe> All =>
    [
        new(Primitive.SilentTransfer, SilentOt.Work(s_parameters, _correlations.Length).Units[Primitive.SilentTransfer],
            () => _sender.Extend(_channel, _correlations)),
        new(Primitive.TransferPad, 2L * _correlations.Length, Hash),
    ];

    public void Dispose() => _channel.Dispose();

    private void Hash()
    {
        TransferPads pads = new(_session, _correlations.Length);
        Span<ulong> zero = stackalloc ulong[2], difference = stackalloc ulong[2];
        for (int start = 0; start < _correlations.Length; start += BitPlanes.Lanes)
            pads.Offer(_sender.Delta, _correlations.AsSpan(start, BitPlanes.Lanes), zero, difference);
    }
}
