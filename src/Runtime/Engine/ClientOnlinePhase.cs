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
            if (material.Comparisons[step] is { } comparison)
                comparison.Run(channel);
            else if (material.SharedSigns[step] is { } sharedSign)
                sharedSign.Run(channel);
            else if (material.Polynomials[step] is { } polynomial)
                polynomial.Run(channel);
            else
                program.NonLinear(step).RunClient(channel, material.Garbled[step]!);
            material.Comparisons[step] = null;
            material.SharedSigns[step] = null;
            material.Polynomials[step] = null;
            material.Garbled[step] = null;
        }

        bool? outOfRange = material.RangeCheck?.Run(channel);
        ulong[] output = new ulong[material.OutputShare.Length];
        channel.BeginReceive(MessageKind.Step, Phase.Online, program.OutputStep, program.ShareBytes(program.Plan.Steps[program.OutputStep].Output));
        ShareMessages.Receive(channel, output, program.Ring.Bits);
        channel.EndReceive();
        program.Ring.Add(output, material.OutputShare, output);
        return (output, outOfRange);
    }
}
