using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Engine;

/// <summary>The server's work from the client's masked input to its share of the output.</summary>
internal static class ServerOnlinePhase
{
    /// <param name="model">The model.</param>
    /// <param name="material">Fresh material; the caller has taken it out of the queue.</param>
    /// <param name="channel">The header of the request has been read; its payload is the masked input.</param>
    public static void Run(ServerModel model, ServerMaterial material, MessageChannel channel)
    {
        ExecutionPlan plan = model.Plan;
        ulong[]?[] shares = new ulong[]?[plan.Values.Length];
        for (int i = 0; i < plan.Steps.Length; i++)
        {
            PlanStep step = plan.Steps[i];
            if (step is NonLinearStep or SharedSignStep or PolynomialStep)
            {
                RunTogether(model, model.Program.Schedule.Waves.StartingAt(i), material, shares, channel);
                continue;
            }

            ulong[] output = new ulong[plan.Values[step.Output].Count];
            switch (step)
            {
                case InputStep:
                    ShareMessages.Receive(channel, output, plan.RingBits);
                    channel.EndReceive();
                    break;
                case ConvolutionStep s:
                    Multiply(model, s, shares[s.Input], material.OutputMasks[i], output);
                    break;
                case RangeCheckStep s:
                    material.RangeCheck!.Run(channel, [.. s.Checked.Select(v => shares[v]!)]);
                    break;
                case OutputStep s:
                    channel.BeginSend(MessageKind.Step, Phase.Online, i, model.Program.ShareBytes(s.Output));
                    ShareMessages.Send(channel, shares[s.Input], plan.RingBits);
                    channel.EndSend();
                    break;
                default:
                    LocalSteps.Execute(plan, step, shares, model.Weights, output);
                    break;
            }

            shares[step.Output] = output;
        }
    }

    private static void RunTogether(ServerModel model, ImmutableArray<int> wave, ServerMaterial material, ulong[]?[] shares, MessageChannel channel)
    {
        foreach (int step in wave)
            shares[model.Plan.Steps[step].Output] = new ulong[model.Plan.Values[model.Plan.Steps[step].Output].Count];
        OnlineWaves.Run(wave.Select(s => Run(model, s, material, shares, channel)));
    }

    private static IEnumerable<PlannedMessage> Run(ServerModel model, int index, ServerMaterial material, ulong[]?[] shares, MessageChannel channel)
    {
        PlanStep step = model.Plan.Steps[index];
        ulong[] output = shares[step.Output]!;
        if (material.Comparisons[index] is { } comparison)
            return comparison.Run(channel, [.. step.Inputs.Select(v => shares[v]!)], output);
        return step switch
        {
            NonLinearStep s => model.Program.NonLinear(index).RunServer(channel, material.LabelSelector, material.Garbled[index]!, shares[s.Input]!, output),
            SharedSignStep s => material.SharedSigns[index]!.Run(channel, material.LabelSelector, shares[s.Decision]!, shares[s.Input]!, output),
            PolynomialStep s => material.Polynomials[index]!.Run(channel, shares[s.Input]!, output),
            _ => throw new InvalidOperationException($"Step '{step.Name}' exchanges no messages."),
        };
    }

    // W·(x − r) + s + bias, with x − r and s uniform to whoever lacks the other half.
    private static void Multiply(
        ServerModel model, ConvolutionStep step, ReadOnlySpan<ulong> share, ReadOnlySpan<ulong> mask, Span<ulong> output)
    {
        RingConvolution.Apply(step.Geometry, share, model.Weights[step.Weight], output);
        if (step.Bias is { } bias)
            RingConvolution.AddBias(step.Geometry, model.Weights[bias], output);
        model.Program.Ring.Add(output, mask, output);
    }
}
