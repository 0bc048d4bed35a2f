using System.Collections.Immutable;
using System.Diagnostics;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Protocols.Dealer;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Protocols.TwoParty.Comparison;
using PrivateInference.Runtime.Protocols.TwoParty.Polynomials;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Engine;

/// <summary>
/// The client's work before it has an input. It draws its share of the input and of every non-linear step's output, learns
/// its share of every linear step's output through encryption, and so knows all its shares ahead (Delphi, section 4). With a
/// dealer, all its shares follow from its seed.
/// </summary>
internal sealed class ClientOfflinePhase
{
    private readonly TwoPartyProgram _program;
    private readonly ClientKeys _keys;
    private readonly MessageChannel _channel;
    private readonly ClientDeal? _deal;
    private ulong[]?[] _shares;

    private ClientOfflinePhase(TwoPartyProgram program, ClientKeys keys, ClientDeal? deal, MessageChannel channel)
    {
        _program = program;
        _keys = keys;
        _deal = deal;
        _channel = channel;
        _shares = new ulong[]?[program.Plan.Values.Length];
    }

    /// <param name="program">The plan's.</param>
    /// <param name="keys">The session's.</param>
    /// <param name="deal">The session's part with a dealer; null where it has none.</param>
    /// <param name="channel">To the server.</param>
    public static ClientMaterial Run(TwoPartyProgram program, ClientKeys keys, ClientDeal? deal, MessageChannel channel)
        => new ClientOfflinePhase(program, keys, deal, channel).Run();

    private ClientMaterial Run()
    {
        long started = Stopwatch.GetTimestamp();
        MessageHeader prepare = TwoPartyProgram.PrepareHeader;
        _channel.BeginSend(prepare.Kind, prepare.Phase, prepare.Step, prepare.Length);
        _channel.EndSend();
        DealtShares? dealt = _deal?.Prepare(_channel);
        if (dealt is null)
        {
            DrawShares();
            ResolveShares();
        }
        else
        {
            _shares = dealt.Values;
        }

        ExecutionPlan plan = _program.Plan;
        ImmutableArray<int> nonLinear = _program.Schedule.NonLinearSteps;
        ClientMaterial material = new(plan.Steps.Length)
        {
            InputMask = _shares[plan.Steps[TwoPartyProgram.InputStep].Output]!,
            OutputShare = _shares[plan.Steps[_program.OutputStep].Inputs[0]]!,
            RangeCheck = _program.RangeCheck is { } check ? new RangeCheckClient(check) : null,
        };
        try
        {
            foreach (int step in nonLinear)
                SendTransfers(material, step);
            material.RangeCheck?.SendTransfers(_channel, _keys.SilentTransfers.Offers, _keys.Garbling);
            foreach (int step in nonLinear)
                ReceiveTables(material, step);
            material.RangeCheck?.ReceiveTransfers(_channel, _keys.SilentTransfers.Choices, _keys.Garbling);
            foreach (int step in _program.Schedule.SharedSignSteps)
                material.SharedSigns[step]!.SendCorrections(_channel, _shares[plan.Steps[step].Inputs[0]], _shares[plan.Steps[step].Output]);
            foreach (int step in _program.Schedule.ComparisonSteps)
                material.Comparisons[step]!.SendCorrections(_channel, InputShares(plan.Steps[step]), _shares[plan.Steps[step].Output], _keys.Random);
            material.RangeCheck?.SendCorrections(_channel, InputShares(plan.Steps[_program.Schedule.RangeCheck!.Value]));
            if (dealt is null)
            {
                PreparePolynomials(material);
            }
            else
            {
                foreach (DealtPolynomialProtocol polynomial in _deal!.Program.Polynomials)
                    material.Polynomials[polynomial.Step] = _deal.Polynomial(polynomial, dealt);
            }
        }
        catch
        {
            material.Dispose();
            throw;
        }

        material.OfflineTime = Stopwatch.GetElapsedTime(started);
        return material;
    }

    private ulong[][] InputShares(PlanStep step) => [.. step.Inputs.Select(v => _shares[v]!)];

    private void SendTransfers(ClientMaterial material, int index)
    {
        switch (_program.Plan.Steps[index])
        {
            case PlanStep when _program.FindComparison(index) is { } comparison:
                material.Comparisons[index] = comparison.CreateClient();
                material.Comparisons[index]!.SendTransfers(_channel, _keys.SilentTransfers, _keys.Garbling);
                break;
            case SharedSignStep step:
                material.SharedSigns[index] = new SharedSignClient(_program.SharedSign(index));
                material.SharedSigns[index]!.SendTransfers(_channel, _keys.Transfers, _shares[step.Decision], _keys.Random);
                break;
            case PlanStep step:
                material.Garbled[index] = _program.NonLinear(index).SendTransfers(_channel, _keys.Transfers, _shares[step.Inputs[0]], _shares[step.Output]);
                break;
        }
    }

    private void ReceiveTables(ClientMaterial material, int index)
    {
        if (material.Comparisons[index] is { } comparison)
            comparison.ReceiveTransfers(_channel, _keys.SilentTransfers, _keys.Garbling);
        else if (material.SharedSigns[index] is { } sharedSign)
            sharedSign.ReceiveTables(_channel, _keys.Garbling, _keys.Choices);
        else
            _program.NonLinear(index).ReceiveTables(_channel, _keys.Garbling, material.Garbled[index]!);
    }

    private void PreparePolynomials(ClientMaterial material)
    {
        ImmutableArray<int> steps = _program.Schedule.PolynomialSteps;
        if (steps.IsEmpty)
            return;
        foreach (int step in steps)
            material.Polynomials[step] = _program.Polynomial(step).CreateClient(_shares[_program.Plan.Steps[step].Inputs[0]], _shares[_program.Plan.Steps[step].Output]);
        PolynomialPreparation.Run(
            steps.Select(s => (_program.Polynomial(s), (IPolynomialMaterial)material.Polynomials[s]!)), _channel, _keys.SilentTransfers, _program.SilentTransfers!, _keys.Garbling, _keys.Random);
    }

    private void DrawShares()
    {
        foreach (PlanStep step in _program.Plan.Steps)
        {
            if (OfflineSchedule.HasFreshOutput(step))
                _shares[step.Output] = _keys.RandomShare(_program.Plan.Values[step.Output].Count);
        }
    }

    private void ResolveShares()
    {
        ImmutableArray<ImmutableArray<int>> levels = _program.Schedule.LinearLevels;
        for (int level = 0; level <= levels.Length; level++)
        {
            ApplyLocalSteps(level);
            if (level < levels.Length)
                ExchangeLinear(levels[level]);
        }
    }

    private void ApplyLocalSteps(int level)
    {
        foreach (PlanStep step in _program.Plan.Steps)
        {
            if (!LocalSteps.IsLocal(step) || _program.Schedule.LevelOf(step.Output) != level)
                continue;
            ulong[] output = new ulong[_program.Plan.Values[step.Output].Count];
            LocalSteps.Execute(_program.Plan, step, _shares, constants: null, output);
            _shares[step.Output] = output;
        }
    }

    private void ExchangeLinear(ImmutableArray<int> level)
    {
        foreach (int index in level)
            _program.Linear(index).SendRequest(_channel, Layer(index), _shares[_program.Plan.Steps[index].Inputs[0]], _keys.Random);
        foreach (int index in level)
        {
            int value = _program.Plan.Steps[index].Output;
            _shares[value] = new ulong[_program.Plan.Values[value].Count];
            _program.Linear(index).ReceiveResponse(_channel, Layer(index), _shares[value]);
        }
    }

    private LinearLayerClient Layer(int index)
    {
        ConvolutionStep step = (ConvolutionStep)_program.Plan.Steps[index];
        return _program.Linear(index).CreateClient(_keys.Rlwe(step.Rlwe));
    }
}
