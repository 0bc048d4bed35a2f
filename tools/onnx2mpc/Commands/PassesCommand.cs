using System.CommandLine;
using PrivateInference.CommandLine.Output;
using PrivateInference.Passes;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc passes</c>: every pass, generated from the passes themselves.</summary>
internal static class PassesCommand
{
    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json();
        Command command = new("passes", "Lists every rewrite: what it does, its contract, its parameters.") { json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(json))
                JsonOutput.Write(PassRegistry.Default.All.Select(Describe));
            else
                Print();
            return ExitCodes.Success;
        });
        return command;
    }

    private static object Describe(Pass pass) => new
    {
        pass.Name,
        Contract = pass.Contract.ToString().ToLowerInvariant(),
        pass.Summary,
        pass.Paper,
        Parameters = pass.Parameters.Select(p => new { p.Name, p.Description, p.Default }),
    };

    private static void Print()
    {
        Console.WriteLine("exact: the same function; bounded: a stated error; lossy: measure the accuracy (onnx2mpc verify)");
        foreach (Pass pass in PassRegistry.Default.All)
        {
            Console.WriteLine();
            Console.WriteLine($"{pass.Name}  [{pass.Contract.ToString().ToLowerInvariant()}]{(pass.Paper is null ? "" : $"  ({pass.Paper})")}");
            Console.WriteLine($"    {pass.Summary}");
            foreach (PassParameter parameter in pass.Parameters)
                Console.WriteLine($"    {parameter.Name}={parameter.Default}  {parameter.Description}");
        }
    }
}
