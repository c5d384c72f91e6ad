Pod::Spec.new do |s|
  s.name = 'SaysoAudioRecorder'
  s.version = '1.0.0'
  s.summary = 'Records what is said into a 16 kHz mono WAV file.'
  s.license = 'Apache-2.0'
  s.author = 'Sayso'
  s.homepage = 'https://docs.expo.dev/modules/'
  s.source = { git: '' }
  s.platform = :ios, '16.4'
  s.swift_version = '5.9'
  s.static_framework = true
  s.source_files = '*.swift'
  s.frameworks = 'AVFoundation'
  s.dependency 'ExpoModulesCore'
end
