using System.Collections.Immutable;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Engine;

/// <summary>
/// The server's work before it sees the client's masked input: answers the encrypted masks, then garbles. It mirrors
/// <see cref="ClientOfflinePhase"/> message for message.
/// </summary>
internal static class ServerOfflinePhase
{
    public static ServerMaterial Run(ServerModel model, ServerKeys keys, MessageChannel channel, ulong serial)
    {
        TwoPartyProgram program = model.Program;
        ServerMaterial material = new(serial, program.Plan.Steps.Length);
        foreach (ImmutableArray<int> level in program.Schedule.LinearLevels)
            AnswerLinear(model, keys, channel, material, level);

        ImmutableArray<int> nonLinear = program.Schedule.NonLinearSteps;
        Queue<PooledBlocks> zeroLabels = new(nonLinear.Length);
        foreach (int step in nonLinear)
            zeroLabels.Enqueue(program.NonLinear(step).ReceiveTransfers(channel, keys.Transfers));
        foreach (int step in nonLinear)
        {
            using PooledBlocks labels = zeroLabels.Dequeue();
            material.Garbled[step] = program.NonLinear(step).SendTables(channel, keys.Garbler, labels.Span);
        }

        return material;
    }

    private static void AnswerLinear(
        ServerModel model, ServerKeys keys, MessageChannel channel, ServerMaterial material, ImmutableArray<int> level)
    {
        List<PooledResponse> responses = [];
        try
        {
            foreach (int index in level)
            {
                ConvolutionStep step = (ConvolutionStep)model.Plan.Steps[index];
                ulong[] mask = keys.RandomShare(step.Geometry.OutputCount);
                material.OutputMasks[index] = mask;
                RlwePublicKey key = keys.PublicKey(step.Rlwe);
                responses.Add(model.Program.Linear(index).Evaluate(channel, model.Layer(index), key, mask, keys.Random));
            }

            for (int i = 0; i < level.Length; i++)
                model.Program.Linear(level[i]).SendResponse(channel, responses[i]);
        }
        finally
        {
            foreach (PooledResponse response in responses)
                response.Dispose();
        }
    }
}
