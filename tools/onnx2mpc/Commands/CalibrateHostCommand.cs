using System.CommandLine;
using PrivateInference.CommandLine.Output;
using PrivateInference.CommandLine.Support;
using PrivateInference.Runtime.Costs.Calibration;
using PrivateInference.Runtime.Costs.Timing;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc calibrate-host</c>: how fast this machine is, for <c>cost</c>.</summary>
internal sealed class CalibrateHostCommand
{
    private readonly Option<string> _output = new("-o", "--output")
    {
        Description = "Where to write it. Default: this user's configuration folder, where 'cost' looks.",
        HelpName = "FILE",
        DefaultValueFactory = _ => HostProfile.DefaultPath,
    };

    private readonly Option<string> _name = new("--name") { Description = "The machine's name in reports.", HelpName = "NAME", DefaultValueFactory = _ => Environment.MachineName };
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        CalibrateHostCommand calibrate = new();
        Command command = new("calibrate-host", "Measures for a few seconds how fast this machine garbles, transfers, encrypts and sends, so that 'cost' can predict seconds. Best while nothing else runs.")
        {
            calibrate._output, calibrate._name, calibrate._json,
        };
        command.SetAction(calibrate.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        bool json = parsed.GetValue(_json);
        string path = Path.GetFullPath(parsed.GetRequiredValue(_output));
        ProgressLog log = new(quiet: json);
        HostProfile host = HostCalibration.Measure(parsed.GetRequiredValue(_name), p => log.Say($"  measuring {p}"));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, host.ToJson());
        if (json)
            Console.Write(host.ToJson());
        else
            HostPrinter.Print(host, path);
        return ExitCodes.Success;
    }
}
