using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Engine;

/// <summary>The client's work from its input to the opened output.</summary>
internal static class ClientOnlinePhase
{
    /// <returns>The opened output as ring elements; and whether the range check, where the plan has one, found any element outside.</returns>
    public static (ulong[] Output, bool? OutOfRange) Run(TwoPartyProgram program, ClientMaterial material, MessageChannel channel, ReadOnlySpan<ulong> input)
    {
        ulong[] masked = new ulong[input.Length];
        program.Ring.Subtract(input, material.InputMask, masked);
        MessageHeader infer = program.InferHeader;
        channel.BeginSend(infer.Kind, infer.Phase, infer.Step, infer.Length);
        ShareMessages.Send(channel, masked, program.Ring.Bits);
        channel.EndSend();

        foreach (int step in program.Schedule.OnlineSteps)
        {
            ImmutableArray<int> wave = program.Schedule.Waves.StartingAt(step);
            int metered = channel.Meter.Messages.Count;
            OnlineWaves.Run(wave.Select(s => Run(program, material, channel, s)));
            channel.Meter.Reorder(metered, messages => OnlineWaves.InTurn(messages.GroupBy(m => m.StepIndex)));
            foreach (int done in wave)
                material.Forget(done);
        }

        bool? outOfRange = material.RangeCheck?.Run(channel);
        ulong[] output = new ulong[material.OutputShare.Length];
        channel.BeginReceive(MessageKind.Step, Phase.Online, program.OutputStep, program.ShareBytes(program.Plan.Steps[program.OutputStep].Output));
        ShareMessages.Receive(channel, output, program.Ring.Bits);
        channel.EndReceive();
        program.Ring.Add(output, material.OutputShare, output);
        return (output, outOfRange);
    }

    private static IEnumerable<PlannedMessage> Run(TwoPartyProgram program, ClientMaterial material, MessageChannel channel, int step)
        => material.Comparisons[step]?.Run(channel)
            ?? material.SharedSigns[step]?.Run(channel)
            ?? material.Polynomials[step]?.Run(channel)
            ?? program.NonLinear(step).RunClient(channel, material.Garbled[step]!);
}
