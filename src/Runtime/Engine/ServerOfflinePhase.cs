using System.Collections.Immutable;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Protocols.Dealer;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Protocols.TwoParty.Polynomials;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Engine;

/// <summary>
/// The server's work before it sees the client's masked input: answers the encrypted masks, then garbles. It mirrors
/// <see cref="ClientOfflinePhase"/> message for message.
/// </summary>
internal static class ServerOfflinePhase
{
    /// <param name="model">The model.</param>
    /// <param name="keys">The session's.</param>
    /// <param name="deal">The session's part with a dealer; null where it has none.</param>
    /// <param name="channel">To the client.</param>
    /// <param name="serial">Counts the session's prepared inferences.</param>
    public static ServerMaterial Run(ServerModel model, ServerKeys keys, ServerDeal? deal, MessageChannel channel, ulong serial)
    {
        TwoPartyProgram program = model.Program;
        ServerMaterial material = ServerMaterial.Create(program, serial, keys.Garbler.Delta);
        try
        {
            if (deal is null)
            {
                foreach (ImmutableArray<int> level in program.Schedule.LinearLevels)
                    AnswerLinear(model, keys, channel, material, level);
            }
            else
            {
                deal.Prepare(channel, material);
            }

            Garble(program, keys, channel, material);
            if (deal is null)
                PreparePolynomials(program, keys, channel, material);
            return material;
        }
        catch
        {
            material.Dispose();
            throw;
        }
    }

    private static void Garble(TwoPartyProgram program, ServerKeys keys, MessageChannel channel, ServerMaterial material)
    {
        ImmutableArray<int> nonLinear = program.Schedule.NonLinearSteps;
        PooledBlocks?[] zeroLabels = new PooledBlocks?[program.Plan.Steps.Length];
        foreach (int step in nonLinear)
            ReceiveTransfers(program, keys, channel, material, zeroLabels, step);
        material.RangeCheck?.ReceiveTransfers(channel, keys.SilentTransfers.Choices, keys.Garbler.Session);
        foreach (int step in nonLinear)
            SendTables(program, keys, channel, material, zeroLabels, step);
        material.RangeCheck?.SendTransfers(channel, keys.SilentTransfers.Offers, keys.Garbler.Session, keys.Random);
        foreach (int step in program.Schedule.SharedSignSteps)
            material.SharedSigns[step]!.ReceiveCorrections(channel);
        foreach (int step in program.Schedule.ComparisonSteps)
            material.Comparisons[step]!.ReceiveCorrections(channel);
        material.RangeCheck?.ReceiveCorrections(channel);
    }

    private static void PreparePolynomials(TwoPartyProgram program, ServerKeys keys, MessageChannel channel, ServerMaterial material)
    {
        ImmutableArray<int> steps = program.Schedule.PolynomialSteps;
        if (steps.IsEmpty)
            return;
        foreach (int step in steps)
            material.Polynomials[step] = program.Polynomial(step).CreateServer();
        PolynomialPreparation.Run(
            steps.Select(s => (program.Polynomial(s), (IPolynomialMaterial)material.Polynomials[s]!)), channel, keys.SilentTransfers, program.SilentTransfers!, keys.Garbler.Session, keys.Random);
    }

    private static void ReceiveTransfers(
        TwoPartyProgram program, ServerKeys keys, MessageChannel channel, ServerMaterial material, PooledBlocks?[] zeroLabels, int step)
    {
        if (program.FindComparison(step) is { } comparison)
        {
            material.Comparisons[step] = comparison.CreateServer();
            material.Comparisons[step]!.ReceiveTransfers(channel, keys.SilentTransfers, keys.Garbler.Session);
        }
        else if (program.FindSharedSign(step) is { } sharedSign)
        {
            material.SharedSigns[step] = new SharedSignServer(sharedSign);
            material.SharedSigns[step]!.ReceiveTransfers(channel, keys.Transfers, keys.Random);
        }
        else
        {
            zeroLabels[step] = program.NonLinear(step).ReceiveTransfers(channel, keys.Transfers);
        }
    }

    private static void SendTables(
        TwoPartyProgram program, ServerKeys keys, MessageChannel channel, ServerMaterial material, PooledBlocks?[] zeroLabels, int step)
    {
        if (material.Comparisons[step] is { } comparison)
        {
            comparison.SendTransfers(channel, keys.SilentTransfers, keys.Garbler.Session, keys.Random);
            return;
        }

        if (material.SharedSigns[step] is { } sharedSign)
        {
            sharedSign.SendTables(channel, keys.Garbler, keys.Choices);
            return;
        }

        using PooledBlocks labels = zeroLabels[step]!;
        material.Garbled[step] = program.NonLinear(step).SendTables(channel, keys.Garbler, labels.Span);
    }

    private static void AnswerLinear(
        ServerModel model, ServerKeys keys, MessageChannel channel, ServerMaterial material, ImmutableArray<int> level)
    {
        foreach (int index in level)
        {
            ConvolutionStep step = (ConvolutionStep)model.Plan.Steps[index];
            ulong[] mask = keys.RandomShare(step.Geometry.OutputCount);
            material.OutputMasks[index] = mask;
            model.Program.Linear(index).Answer(channel, model.Layer(index), keys.PublicKey(step.Rlwe), mask, keys.Random);
        }
    }
}
